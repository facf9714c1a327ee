"""How an official document is set (GB/T 9704-2012): what letters and bulletins have in common, as DOCX and as PDF."""
