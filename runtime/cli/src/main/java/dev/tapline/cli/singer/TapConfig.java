package dev.tapline.cli.singer;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.engine.Pipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes a descriptor of a tap's configuration: where it says nothing of a sink, of a folder for
/// the state and of a name, they are a tap's own; what is read comes from the catalog if there is
/// one.
public final class TapConfig implements UnaryOperator<Map<String, @Nullable Object>> {
  private static final String STREAMS = "streams";
  private static final String SINK = "sink";
  private static final String TYPE = "type";
  private static final String FORMAT = "format";
  private static final String TARGET_STATE = "target-state";

  private final TapFolder folder;
  private final Optional<Path> state;
  private final Optional<TapCatalog> catalog;
  private boolean saysStreams;
  private boolean beginsAnew;

  /// @param folder what the tap writes for itself
  /// @param state the target's state, where the call names it
  /// @param catalog what is selected; empty for the configuration's own streams
  public TapConfig(TapFolder folder, Optional<Path> state, Optional<TapCatalog> catalog) {
    this.folder = folder;
    this.state = state;
    this.catalog = catalog;
  }

  /// Whether the configuration that was read has streams of its own.
  public boolean saysStreams() {
    return saysStreams;
  }

  /// Whether neither the call nor that configuration names a state.
  public boolean beginsAnew() {
    return beginsAnew;
  }

  @Override
  public Map<String, @Nullable Object> apply(Map<String, @Nullable Object> values) {
    Map<String, @Nullable Object> all = TapPostgresConfig.translated(values);
    all.putIfAbsent("name", "tap");
    all.putIfAbsent("state", folder.path().toString());
    saysStreams = all.containsKey(STREAMS);
    if (catalog.isPresent()) {
      all.put(STREAMS, new TapSelection(catalog.get()).over(all.get(STREAMS)));
    } else if (!saysStreams) {
      all.put(STREAMS, List.of(Map.of("table", "*.*"), Map.of("view", "*.*")));
    }
    if (all.getOrDefault(SINK, Map.of()) instanceof Map<?, ?> sink) {
      all.put(SINK, sink(sink));
    }
    return all;
  }

  private Map<Object, @Nullable Object> sink(Map<?, ?> given) {
    Map<Object, @Nullable Object> sink = new LinkedHashMap<>(given);
    sink.putIfAbsent(TYPE, "jsonl");
    sink.putIfAbsent(FORMAT, "singer");
    // Of another sink, what is wrong is not that it lacks a key of this one.
    if ("jsonl".equals(sink.get(TYPE)) && "singer".equals(sink.get(FORMAT))) {
      state.ifPresent(file -> sink.put(TARGET_STATE, file.toString()));
      beginsAnew = !sink.containsKey(TARGET_STATE);
      sink.putIfAbsent(TARGET_STATE, folder.noState().toString());
    }
    return sink;
  }

  /// The pipeline whose entries stand in the catalog, and not in the configuration.
  public Descriptor placed(Descriptor descriptor) {
    if (catalog.isEmpty()) {
      return descriptor;
    }
    Pipeline pipeline = descriptor.pipeline();
    List<Pipeline.StreamEntry> entries = new ArrayList<>();
    for (int i = 0; i < pipeline.streams().size(); i++) {
      entries.add(pipeline.streams().get(i).at(catalog.get().entries().get(i).place()));
    }
    return descriptor.with(pipeline.with(entries));
  }
}
