package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.http.javadsl.model.headers.RawHeader;
import com.google.api.HttpBody;
import com.google.protobuf.Message;

/** The one answer of a call: as JSON, as CSV where it is a list, or as it is where the contract says so (HttpBody). */
final class WholeAnswer {

    private WholeAnswer() {}

    /** @param name of the file that a browser keeps a table in */
    static HttpResponse of(Message answer, AnswerFormat format, String name) {
        return switch (format) {
            case JSON ->
                answer instanceof HttpBody body
                        ? unstored()
                                .withEntity(HttpEntities.create(
                                        ContentTypes.parse(body.getContentType()),
                                        body.getData().toByteArray()))
                        : unstored()
                                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, MessageJson.of(answer)));
            case CSV -> table(CsvTable.of(answer), name);
            case EVENTS -> throw format.unfit("json or csv: this is no stream");
        };
    }

    static HttpResponse table(String csv, String name) {
        return unstored()
                .addHeader(RawHeader.create("Content-Disposition", "attachment; filename=\"" + name + ".csv\""))
                .withEntity(HttpEntities.create(ContentTypes.TEXT_CSV_UTF8, csv));
    }

    private static HttpResponse unstored() {
        return HttpResponse.create().addHeader(CacheControl.create(CacheDirectives.NO_STORE));
    }
}
