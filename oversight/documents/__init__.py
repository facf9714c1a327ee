"""The documents that an office stands on (基础文件), and the numbers of those that it issues."""
