"""What is entered into the registers of villages and offices is put right with a reason; the old words stay."""
