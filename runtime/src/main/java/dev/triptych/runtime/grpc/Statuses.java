package dev.triptych.runtime.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import dev.triptych.kernel.Invalid;
import dev.triptych.runtime.openinference.RefusedException;
import dev.triptych.store.PatientAsk;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Refusals and failures as gRPC statuses; a refused field is named in a google.rpc.BadRequest detail. */
final class Statuses {

    private Statuses() {}

    static StatusRuntimeException invalid(Invalid reason) {
        return withField(Code.INVALID_ARGUMENT, reason);
    }

    static StatusRuntimeException invalid(String field, String value, String expected) {
        return invalid(new Invalid(field, value, expected));
    }

    static StatusRuntimeException notFound(Invalid reason) {
        return withField(Code.NOT_FOUND, reason);
    }

    static StatusRuntimeException notFound(String field, String value, String expected) {
        return notFound(new Invalid(field, value, expected));
    }

    static StatusRuntimeException failedPrecondition(String message) {
        return Status.FAILED_PRECONDITION.withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException unavailable(String message) {
        return Status.UNAVAILABLE.withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException deadlineExceeded(String message) {
        return Status.DEADLINE_EXCEEDED.withDescription(message).asRuntimeException();
    }

    /**
     * What a failed stage means to the client. A timeout is UNAVAILABLE, because a write may or may not have happened;
     * past the client's own deadline it is DEADLINE_EXCEEDED.
     */
    static Throwable of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StatusRuntimeException || cause instanceof StatusException) {
            return cause;
        }
        if (cause instanceof RefusedException refused) {
            return of(refused);
        }
        if (cause instanceof PatientAsk.MissingRoleException missing) {
            return unavailable(String.valueOf(missing.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            var deadline = Context.current().getDeadline();
            return deadline != null && deadline.isExpired()
                    ? deadlineExceeded("not finished within the request's deadline")
                    : unavailable("no answer in time; what was asked may or may not have happened, so ask again");
        }
        return Status.INTERNAL
                .withDescription(String.valueOf(cause.getMessage()))
                .withCause(cause)
                .asRuntimeException();
    }

    private static StatusRuntimeException of(RefusedException refused) {
        Code code = switch (refused.kind()) {
            case INVALID -> Code.INVALID_ARGUMENT;
            case NOT_FOUND -> Code.NOT_FOUND;
            case UNFIT -> Code.FAILED_PRECONDITION;
            case NOT_READY -> Code.UNAVAILABLE;
            case TOO_LATE -> Code.DEADLINE_EXCEEDED;
        };
        return refused.reason()
                .map(reason -> withField(code, reason))
                .orElseGet(() -> Status.fromCodeValue(code.getNumber())
                        .withDescription(refused.getMessage())
                        .asRuntimeException());
    }

    private static StatusRuntimeException withField(Code code, Invalid reason) {
        var detail = BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                        .setField(reason.field())
                        .setDescription(reason.message()));
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(reason.message())
                .addDetails(Any.pack(detail.build()))
                .build());
    }
}
