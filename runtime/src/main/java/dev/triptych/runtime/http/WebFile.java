package dev.triptych.runtime.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.MediaTypes;
import akka.util.ByteString;
import dev.triptych.kernel.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the web pages, as it is sent.
 *
 * @param tag changes with the content
 * @param zipped with gzip, where that is shorter
 */
record WebFile(ContentType type, ByteString content, Optional<ByteString> zipped, String tag) {

    private static final Map<String, ContentType> TYPES = Map.ofEntries(
            Map.entry("html", MediaTypes.TEXT_HTML.toContentType(HttpCharsets.UTF_8)),
            Map.entry("js", MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8)),
            Map.entry("mjs", MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8)),
            Map.entry("css", MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8)),
            Map.entry("json", MediaTypes.APPLICATION_JSON.toContentType()),
            Map.entry("map", MediaTypes.APPLICATION_JSON.toContentType()),
            Map.entry("svg", MediaTypes.IMAGE_SVG_XML.toContentType()),
            Map.entry("png", MediaTypes.IMAGE_PNG.toContentType()),
            Map.entry("ico", MediaTypes.IMAGE_X_ICON.toContentType()),
            Map.entry("woff2", MediaTypes.FONT_WOFF_2.toContentType()),
            Map.entry("txt", MediaTypes.TEXT_PLAIN.toContentType(HttpCharsets.UTF_8)));

    /** @param resource on the class path; empty if there is none, or it is of a kind that pages do not have */
    static Optional<WebFile> read(String resource) {
        ContentType type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = WebFile.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(of(type, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static WebFile of(ContentType type, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        }
        Optional<ByteString> zipped = Optional.of(ByteString.fromArrayUnsafe(bytes.toByteArray()))
                .filter(shorter -> shorter.size() < content.length);
        String tag = HexFormat.of().formatHex(Sha256.digest().digest(content), 0, 8);
        return new WebFile(type, ByteString.fromArrayUnsafe(content), zipped, tag);
    }
}
