"""The flow engine: pure, sans-IO; events and answers in, actions and invocations out."""
