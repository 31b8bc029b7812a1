package dev.triptych.runtime.access;

/** Whether a call may go on. */
public sealed interface Access {

    /** @param caller the name of who holds the token; empty where the node asks for none */
    record Granted(String caller) implements Access {}

    /** No token, or one that nobody gave out. */
    record Unauthenticated(String message) implements Access {}

    /** A token without the role. */
    record Denied(String message) implements Access {}

    /** More requests than one client may make. */
    record Limited(String message) implements Access {}
}
