package dev.tapline.cli.singer;

import dev.tapline.cli.text.Json;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.select.Selector;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.SupportedMethods;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.SinkProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a catalog in the form that Singer's taps write theirs (Singer specification, "Discovery
/// Mode"), for tools that read it. What the pipeline selects is selected by default, with its
/// method and its keys.
public final class SingerCatalog {
  private static final String FULL_TABLE = "FULL_TABLE";

  private final Catalog catalog;
  private final SupportedMethods possible;
  private final Map<StreamName, Stream> selected = new HashMap<>();
  private final SingerTypes types;
  private final boolean byDefault;

  /// @param byDefault whether what the pipeline selects is selected unless somebody says otherwise
  public SingerCatalog(
      Catalog catalog,
      SupportedMethods possible,
      Pipeline pipeline,
      LoadedPlugins plugins,
      boolean byDefault) {
    this.byDefault = byDefault;
    this.catalog = catalog;
    this.possible = possible;
    this.types = new SingerTypes(embedsDocuments(pipeline, plugins));
    Selector.select(catalog, pipeline)
        .streams()
        .forEach(stream -> selected.put(stream.name(), stream));
  }

  // A key of the sink that writes Singer's messages.
  private static boolean embedsDocuments(Pipeline pipeline, LoadedPlugins plugins) {
    Optional<SinkProvider> sink = plugins.sink(pipeline.sink().type());
    return sink.stream()
        .flatMap(provider -> provider.config().keys().stream())
        .filter(key -> key.name().equals("json"))
        .flatMap(key -> pipeline.sink().config().find(key).stream())
        .noneMatch(value -> value.toString().equals("TEXT"));
  }

  /// All that there is.
  public String text() {
    return text(catalog.relations());
  }

  /// What the pipeline selects.
  public String textOfSelected() {
    return text(
        catalog.relations().stream()
            .filter(relation -> selected.containsKey(relation.name()))
            .toList());
  }

  private String text(List<Relation> relations) {
    ObjectNode root = Json.object();
    ArrayNode streams = root.putArray("streams");
    relations.forEach(relation -> write(streams.addObject(), relation));
    return Json.text(root);
  }

  private void write(ObjectNode node, Relation relation) {
    StreamName name = relation.name();
    @Nullable Stream stream = selected.get(name);
    List<String> key = stream == null ? relation.schema().key() : stream.schema().key();
    node.put("tap_stream_id", String.join("-", name.database(), name.namespace(), name.name()));
    node.put("stream", stream == null ? Selector.destination(catalog, name) : stream.destination());
    node.put("table_name", name.name());
    key.forEach(node.putArray("key_properties")::add);
    ObjectNode properties = node.putObject("schema").put("type", "object").putObject("properties");
    ArrayNode metadata = node.putArray("metadata");
    ObjectNode table = metadata.addObject();
    table.putArray("breadcrumb");
    writeFacts(table.putObject("metadata"), relation, stream, key);
    for (Field field : relation.schema().fields()) {
      types.write(properties.putObject(field.name()), field.type(), key.contains(field.name()));
      ObjectNode column = metadata.addObject();
      column.putArray("breadcrumb").add("properties").add(field.name());
      column
          .putObject("metadata")
          .put("inclusion", key.contains(field.name()) ? "automatic" : "available")
          .put("selected-by-default", stream == null || stream.schema().indexOf(field.name()) >= 0)
          .put("sql-datatype", field.sourceType());
    }
  }

  private void writeFacts(
      ObjectNode facts, Relation relation, @Nullable Stream stream, List<String> key) {
    facts
        .put("database-name", relation.name().database())
        .put("schema-name", relation.name().namespace())
        .put("is-view", !relation.kind().isTable());
    if (relation.estimatedRows() >= 0) {
      facts.put("row-count", relation.estimatedRows());
    }
    key.forEach(
        facts.putArray(relation.kind().isTable() ? "table-key-properties" : "view-key-properties")
            ::add);
    possible.keys(relation).forEach(facts.putArray("valid-replication-keys")::add);
    facts.put("selected-by-default", byDefault && stream != null);
    if (stream != null) {
      facts.put("replication-method", method(relation, stream));
      if (stream.replicationKey().size() == 1) {
        facts.put("replication-key", stream.replicationKey().getFirst());
      } else if (!stream.replicationKey().isEmpty()) {
        stream.replicationKey().forEach(facts.putArray("replication-key")::add);
      }
    }
  }

  // A view cannot be replicated by every method that is meant for all.
  private String method(Relation relation, Stream stream) {
    return possible.of(relation).containsKey(stream.method()) ? stream.method() : FULL_TABLE;
  }
}
