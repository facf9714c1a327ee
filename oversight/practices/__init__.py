"""Good practices (创新成果), and which county took which one over."""
