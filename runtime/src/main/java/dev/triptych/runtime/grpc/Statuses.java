package dev.triptych.runtime.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import dev.triptych.kernel.Invalid;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
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

    /** A deployment refuses features outside their maximum age. */
    static StatusRuntimeException tooOld(String key, List<String> features) {
        return failedPrecondition("key " + key + ": " + String.join("; ", features)
                + " (expected: fresher features, or a deployment whose rule for stale ones is warn or allow)");
    }

    /** A deployment's own deadline. */
    static StatusRuntimeException tooLate(Duration deadline) {
        return Status.DEADLINE_EXCEEDED
                .withDescription("not predicted within the deployment's deadline of " + deadline.toMillis() + " ms")
                .asRuntimeException();
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
        if (cause instanceof TimeoutException) {
            var deadline = Context.current().getDeadline();
            return deadline != null && deadline.isExpired()
                    ? Status.DEADLINE_EXCEEDED
                            .withDescription("not finished within the request's deadline")
                            .asRuntimeException()
                    : unavailable("no answer in time; what was asked may or may not have happened, so ask again");
        }
        return Status.INTERNAL
                .withDescription(String.valueOf(cause.getMessage()))
                .withCause(cause)
                .asRuntimeException();
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
