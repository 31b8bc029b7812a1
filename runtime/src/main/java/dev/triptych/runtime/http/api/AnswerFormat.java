package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.StatusCodes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How an answer is written: by the query's {@value #PARAMETER}, else by the header Accept, else as JSON. */
enum AnswerFormat {
    JSON,
    CSV,
    /** Server-sent events, of streams. */
    EVENTS;

    /** Not a field of any request. */
    static final String PARAMETER = "format";

    static AnswerFormat of(HttpRequest request, Map<String, List<String>> query) {
        List<String> asked = query.getOrDefault(PARAMETER, List.of());
        if (!asked.isEmpty()) {
            return switch (asked.getFirst()) {
                case "", "json" -> JSON;
                case "csv" -> CSV;
                case "events" -> EVENTS;
                default ->
                    throw RefusedRequestException.invalid(PARAMETER, asked.getFirst(), "one of json, csv, events");
            };
        }
        String accepted =
                request.getHeader("Accept").map(HttpHeader::value).orElse("").toLowerCase(Locale.ROOT);
        if (accepted.startsWith("text/event-stream")) {
            return EVENTS;
        }
        return accepted.startsWith("text/csv") ? CSV : JSON;
    }

    RefusedRequestException unfit(String expected) {
        return new RefusedRequestException(
                StatusCodes.NOT_ACCEPTABLE,
                PARAMETER + ": " + name().toLowerCase(Locale.ROOT) + " (expected: " + expected + ")",
                Optional.of(PARAMETER));
    }
}
