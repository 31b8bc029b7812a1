package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import dev.triptych.kernel.Invalid;
import java.util.Optional;

/** A request that no service hears of. */
final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient StatusCode status;
    private final transient Optional<String> field;

    RefusedRequestException(StatusCode status, String message, Optional<String> field) {
        super(message);
        this.status = status;
        this.field = field;
    }

    static RefusedRequestException of(Invalid reason) {
        return new RefusedRequestException(StatusCodes.BAD_REQUEST, reason.message(), Optional.of(reason.field()));
    }

    static RefusedRequestException invalid(String field, String value, String expected) {
        return of(new Invalid(field, value, expected));
    }

    StatusCode status() {
        return status;
    }

    Optional<String> field() {
        return field;
    }
}
