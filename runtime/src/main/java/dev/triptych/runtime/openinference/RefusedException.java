package dev.triptych.runtime.openinference;

import dev.triptych.kernel.Invalid;
import java.util.Optional;

/** A request that is not answered, for a reason that each transport has a status for. */
public final class RefusedException extends RuntimeException {

    public enum Kind {
        /** The request itself must change. */
        INVALID,
        /** It names something that is not there. */
        NOT_FOUND,
        /** The features that it needs are not fit to be used. */
        UNFIT,
        /** The same request may be answered later. */
        NOT_READY,
        /** The deployment's deadline has passed. */
        TOO_LATE
    }

    private final Kind kind;
    private final Optional<Invalid> reason;

    private RefusedException(Kind kind, String message, Optional<Invalid> reason) {
        super(message);
        this.kind = kind;
        this.reason = reason;
    }

    public static RefusedException invalid(Invalid reason) {
        return new RefusedException(Kind.INVALID, reason.message(), Optional.of(reason));
    }

    public static RefusedException invalid(String field, String value, String expected) {
        return invalid(new Invalid(field, value, expected));
    }

    public static RefusedException notFound(String field, String value, String expected) {
        var reason = new Invalid(field, value, expected);
        return new RefusedException(Kind.NOT_FOUND, reason.message(), Optional.of(reason));
    }

    public static RefusedException unfit(String message) {
        return new RefusedException(Kind.UNFIT, message, Optional.empty());
    }

    public static RefusedException tooLate(String message) {
        return new RefusedException(Kind.TOO_LATE, message, Optional.empty());
    }

    public static RefusedException notReady(String message) {
        return new RefusedException(Kind.NOT_READY, message, Optional.empty());
    }

    public Kind kind() {
        return kind;
    }

    /** The field, where one is to blame. */
    public Optional<Invalid> reason() {
        return reason;
    }
}
