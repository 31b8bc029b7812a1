package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import dev.triptych.kernel.Causes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/**
 * A refusal or failure as HTTP and JSON.
 *
 * @param field what is wrong, where it is one thing
 */
record ErrorAnswer(StatusCode status, String error, Optional<String> field) {

    /** Escapes what HTML means something by, as an error repeats what was asked. */
    private static final Gson GSON = new Gson();

    /** Empty for a failure that is none of a request or a service. */
    static Optional<ErrorAnswer> of(Throwable failure) {
        return switch (Causes.of(failure)) {
            case RefusedRequestException refused ->
                Optional.of(new ErrorAnswer(refused.status(), Causes.message(refused), refused.field()));
            case StatusRuntimeException status -> Optional.of(of(status));
            default -> Optional.empty();
        };
    }

    private static ErrorAnswer of(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String error = Optional.ofNullable(status.getDescription())
                .orElseGet(() -> status.getCode().toString());
        return new ErrorAnswer(http(status.getCode()), error, field(failure));
    }

    private static StatusCode http(Status.Code code) {
        return switch (code) {
            case OK -> StatusCodes.OK;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> StatusCodes.BAD_REQUEST;
            case UNAUTHENTICATED -> StatusCodes.UNAUTHORIZED;
            case PERMISSION_DENIED -> StatusCodes.FORBIDDEN;
            case NOT_FOUND -> StatusCodes.NOT_FOUND;
            case FAILED_PRECONDITION, ALREADY_EXISTS, ABORTED -> StatusCodes.CONFLICT;
            case RESOURCE_EXHAUSTED -> StatusCodes.TOO_MANY_REQUESTS;
            case UNIMPLEMENTED -> StatusCodes.NOT_IMPLEMENTED;
            case UNAVAILABLE, CANCELLED -> StatusCodes.SERVICE_UNAVAILABLE;
            case DEADLINE_EXCEEDED -> StatusCodes.GATEWAY_TIMEOUT;
            case UNKNOWN, INTERNAL, DATA_LOSS -> StatusCodes.INTERNAL_SERVER_ERROR;
        };
    }

    private static Optional<String> field(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        return status == null
                ? Optional.empty()
                : status.getDetailsList().stream()
                        .filter(detail -> detail.is(BadRequest.class))
                        .flatMap(detail -> unpacked(detail).getFieldViolationsList().stream())
                        .map(BadRequest.FieldViolation::getField)
                        .findFirst();
    }

    private static BadRequest unpacked(Any detail) {
        try {
            return detail.unpack(BadRequest.class);
        } catch (InvalidProtocolBufferException e) {
            return BadRequest.getDefaultInstance();
        }
    }

    String json() {
        var json = new JsonObject();
        json.addProperty("error", error);
        field.ifPresent(name -> json.addProperty("field", name));
        return GSON.toJson(json);
    }

    HttpResponse response() {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json()));
    }
}
