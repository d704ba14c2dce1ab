"""The words and rules of an on-demand sync. Pure: no input or output, no Qt, no clock."""
