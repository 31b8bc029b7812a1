package dev.triptych.runtime;

/** A node cannot start, for a reason that its message tells in one sentence with the mend. */
public final class StartFailure extends RuntimeException {

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
