package dev.triptych.runtime.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tribuo.classification.sgd.protos.ClassificationLinearSGDProto;
import org.tribuo.common.tree.protos.TreeModelProto;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.protos.core.ModelDataProto;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.protos.core.TransformedModelProto;
import org.tribuo.protos.core.WeightedEnsembleModelProto;
import org.tribuo.regression.rtree.protos.IndependentRegressionTreeModelProto;
import org.tribuo.regression.sgd.protos.RegressionLinearSGDProto;

/**
 * SHA-256 over what predicts: a model's protobuf message without the provenance, which holds wall-clock times and the
 * machine, and without the library's own version. Trees, weights, domains and transformations stay, in protobuf's
 * deterministic form (maps sorted). XGBoost's boosters are bytes inside of it, which hold no time.
 */
final class ContentHash {

    /** The messages a model can be wrapped in that carry provenance further down. */
    private static final Map<String, Message> WRAPPED = List.<Message>of(
                    TransformedModelProto.getDefaultInstance(),
                    WeightedEnsembleModelProto.getDefaultInstance(),
                    XGBoostModelProto.getDefaultInstance(),
                    TreeModelProto.getDefaultInstance(),
                    IndependentRegressionTreeModelProto.getDefaultInstance(),
                    ClassificationLinearSGDProto.getDefaultInstance(),
                    RegressionLinearSGDProto.getDefaultInstance())
            .stream()
            .collect(Collectors.toUnmodifiableMap(
                    message -> message.getDescriptorForType().getFullName(), message -> message));

    private static final String PROVENANCE = "RootProvenanceProto";

    private ContentHash() {}

    /** In hex. */
    static String of(ModelProto model) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(deterministic(withoutProvenance(model))));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        } catch (InvalidProtocolBufferException corrupt) {
            throw new IllegalArgumentException("model: cannot be read: " + corrupt.getMessage(), corrupt);
        }
    }

    private static Message withoutProvenance(Message message) throws InvalidProtocolBufferException {
        if (message instanceof Any any) {
            return withoutProvenance(any);
        }
        Message.Builder copy = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (isProvenance(descriptor)) {
                copy.clearField(descriptor);
            } else if (descriptor.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !descriptor.isMapField()) {
                copyWithoutProvenance(copy, descriptor, field.getValue());
            }
        }
        return copy.build();
    }

    private static void copyWithoutProvenance(Message.Builder copy, FieldDescriptor descriptor, Object value)
            throws InvalidProtocolBufferException {
        if (descriptor.isRepeated()) {
            List<?> elements = (List<?>) value;
            for (int index = 0; index < elements.size(); index++) {
                copy.setRepeatedField(descriptor, index, withoutProvenance((Message) elements.get(index)));
            }
        } else {
            copy.setField(descriptor, withoutProvenance((Message) value));
        }
    }

    private static Any withoutProvenance(Any any) throws InvalidProtocolBufferException {
        String type = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
        Message known = WRAPPED.get(type);
        if (known == null) {
            return any;
        }
        Message inner = withoutProvenance(known.getParserForType().parseFrom(any.getValue()));
        return any.toBuilder()
                .setValue(com.google.protobuf.ByteString.copyFrom(deterministic(inner)))
                .build();
    }

    private static boolean isProvenance(FieldDescriptor field) {
        boolean libraryVersion = field.getContainingType() == ModelDataProto.getDescriptor()
                && field.getNumber() == ModelDataProto.TRIBUO_VERSION_FIELD_NUMBER;
        return libraryVersion
                || (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && field.getMessageType().getName().equals(PROVENANCE));
    }

    private static byte[] deterministic(Message message) {
        var bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.useDeterministicSerialization();
            message.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
