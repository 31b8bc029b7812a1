package dev.triptych.runtime.http.api;

import io.grpc.ServiceDescriptor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every way to make a call over HTTP. */
record Operations(List<Operation> all) {

    /** What a request asks for. */
    record Found(Operation operation, Map<String, String> pathValues) {}

    static Operations of(List<ServiceDescriptor> services) {
        return new Operations(services.stream()
                .flatMap(service -> service.getMethods().stream())
                .flatMap(method -> Operation.of(method).stream())
                .sorted(Comparator.comparingInt(
                                (Operation operation) -> -operation.path().specificity())
                        .thenComparing(operation -> operation.path().text()))
                .toList());
    }

    Optional<Found> find(String method, List<String> segments) {
        for (Operation operation : all) {
            if (operation.method().equals(method)) {
                var values = operation.path().match(segments);
                if (values.isPresent()) {
                    return Optional.of(new Found(operation, values.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Methods by which a path can be asked for. */
    List<String> methods(List<String> segments) {
        var methods = new TreeSet<String>();
        all.stream()
                .filter(operation -> operation.path().match(segments).isPresent())
                .forEach(operation -> methods.add(operation.method()));
        return List.copyOf(methods);
    }
}
