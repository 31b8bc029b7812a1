package dev.triptych.runtime.http.api;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the service contract says of its parts, which generated code has forgotten: out of the descriptors that the
 * compiler of the contract writes with their comments.
 */
final class ContractComments {

    private static final String DESCRIPTORS = "triptych-descriptors.bin";

    private final Map<String, String> comments = new HashMap<>();

    private ContractComments(FileDescriptorSet files) {
        files.getFileList().forEach(this::read);
    }

    static ContractComments read() {
        try (InputStream in = ContractComments.class.getClassLoader().getResourceAsStream(DESCRIPTORS)) {
            return new ContractComments(FileDescriptorSet.parseFrom(Objects.requireNonNull(in, DESCRIPTORS)));
        } catch (IOException e) {
            throw new UncheckedIOException(DESCRIPTORS, e);
        }
    }

    /**
     * Empty if nothing is said.
     *
     * @param fullName of a message, field, enum, value, service or call; of a package for its file's
     */
    String of(String fullName) {
        return comments.getOrDefault(fullName, "");
    }

    private void read(FileDescriptorProto file) {
        var byPlace = new HashMap<List<Integer>, String>();
        for (SourceCodeInfo.Location place : file.getSourceCodeInfo().getLocationList()) {
            byPlace.put(place.getPathList(), text(place.getLeadingComments()));
        }
        String prefix = file.getPackage() + ".";
        put(file.getPackage(), List.of(FileDescriptorProto.SYNTAX_FIELD_NUMBER), byPlace);
        for (int i = 0; i < file.getMessageTypeCount(); i++) {
            message(prefix, file.getMessageType(i), List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i), byPlace);
        }
        for (int i = 0; i < file.getEnumTypeCount(); i++) {
            put(
                    prefix + file.getEnumType(i).getName(),
                    List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i),
                    byPlace);
        }
        for (int i = 0; i < file.getServiceCount(); i++) {
            List<Integer> place = List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i);
            String name = prefix + file.getService(i).getName();
            put(name, place, byPlace);
            for (int j = 0; j < file.getService(i).getMethodCount(); j++) {
                put(name + "." + file.getService(i).getMethod(j).getName(), child(place, 2, j), byPlace);
            }
        }
    }

    private void message(
            String prefix, DescriptorProto message, List<Integer> place, Map<List<Integer>, String> byPlace) {
        String name = prefix + message.getName();
        put(name, place, byPlace);
        for (int i = 0; i < message.getFieldCount(); i++) {
            put(
                    name + "." + message.getField(i).getName(),
                    child(place, DescriptorProto.FIELD_FIELD_NUMBER, i),
                    byPlace);
        }
        for (int i = 0; i < message.getNestedTypeCount(); i++) {
            message(
                    name + ".",
                    message.getNestedType(i),
                    child(place, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i),
                    byPlace);
        }
    }

    private void put(String fullName, List<Integer> place, Map<List<Integer>, String> byPlace) {
        String text = byPlace.getOrDefault(place, "");
        if (!text.isEmpty()) {
            comments.put(fullName, text);
        }
    }

    private static List<Integer> child(List<Integer> place, int field, int index) {
        var child = new ArrayList<>(place);
        child.add(field);
        child.add(index);
        return child;
    }

    /** Lines of one paragraph put together. */
    private static String text(String comment) {
        return comment.strip().replaceAll(" *\n *(?=[^\n ])", " ").replaceAll(" *\n[\n ]*", "\n\n");
    }
}
