package dev.triptych.store.models;

import dev.triptych.kernel.Invalid;

/** A row that a model cannot take, although its values are of the right types. */
public final class UnusableInputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Invalid reason;

    /** @param reason names the input */
    public UnusableInputException(Invalid reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** The same, where the input is part of something larger. */
    public UnusableInputException in(String path) {
        return new UnusableInputException(new Invalid(path + "." + reason.field(), reason.value(), reason.expected()));
    }

    public Invalid reason() {
        return reason;
    }
}
