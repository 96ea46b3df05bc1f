"""The live socket: who is connected, what each view is sent, the clock that closes rounds. No rule about cards lives here."""
