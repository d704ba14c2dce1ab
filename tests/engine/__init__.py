"""The engine with the training servers: a person takes part, clocks jump, answers get lost."""
