package dev.tapline.source.postgres.replication.position;

import dev.tapline.source.postgres.catalog.SchemaCodec;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The log of one database, read for several streams: what a [Split] of kind [#KIND] holds.
///
/// @param id the split's
/// @param database whose log
/// @param slot the slot's name
/// @param plugin the slot's output plug-in
/// @param format the format of its messages, if it has several
/// @param publications the publications, if the plug-in uses them
/// @param binary whether values are asked for in their binary form
/// @param streaming whether changes are asked for before their transactions are committed
/// @param end where the split ends, if it does
/// @param floor what streams that are left out need; the slot must not advance beyond it
/// @param streams the streams to follow
public record LogSplit(
    String id,
    String database,
    String slot,
    String plugin,
    String format,
    List<String> publications,
    boolean binary,
    boolean streaming,
    OptionalLong end,
    OptionalLong floor,
    List<FollowedStream> streams) {

  /// What `Split.kind()` says.
  public static final String KIND = "log";

  private static final String SEPARATOR = "\n";

  public LogSplit {
    publications = List.copyOf(publications);
    streams = List.copyOf(streams);
  }

  /// Where the server starts: before everything that a stream still needs.
  public long start() {
    long start = streams.getFirst().from().lsn();
    for (FollowedStream stream : streams) {
      start = Lsn.min(start, stream.from().lsn());
    }
    return start;
  }

  /// The same, with values asked for as text.
  public LogSplit inText() {
    return new LogSplit(
        id, database, slot, plugin, format, publications, false, streaming, end, floor, streams);
  }

  /// The same, with changes asked for only once their transactions are committed.
  public LogSplit ofCommitted() {
    return new LogSplit(
        id, database, slot, plugin, format, publications, binary, false, end, floor, streams);
  }

  /// As plain data.
  public Split split() {
    Map<String, String> arguments = new HashMap<>();
    arguments.put("database", database);
    arguments.put("slot", slot);
    arguments.put("plugin", plugin);
    arguments.put("format", format);
    arguments.put("publications", String.join(SEPARATOR, publications));
    arguments.put("binary", String.valueOf(binary));
    arguments.put("streaming", String.valueOf(streaming));
    end.ifPresent(lsn -> arguments.put("end", Lsn.text(lsn)));
    floor.ifPresent(lsn -> arguments.put("floor", Lsn.text(lsn)));
    Map<StreamName, Position> from = new LinkedHashMap<>();
    for (FollowedStream stream : streams) {
      from.put(stream.name(), stream.from().position());
      arguments.put(schemaKey(stream.name()), SchemaCodec.write(stream.schema()));
      arguments.put(openKey(stream.name()), String.valueOf(stream.open()));
      if (!stream.selected().equals(stream.schema())) {
        arguments.put(selectedKey(stream.name()), SchemaCodec.write(stream.selected()));
      }
      arguments.put(everythingKey(stream.name()), String.valueOf(stream.everything()));
    }
    return new Split(id, from, WriteMode.APPEND, KIND, arguments);
  }

  /// @throws IllegalArgumentException if the split is not one that [#split()] has made
  public static LogSplit of(Split split) {
    if (!split.kind().equals(KIND) || split.from().isEmpty()) {
      throw new IllegalArgumentException("read " + split.id() + " is not one of a log");
    }
    List<FollowedStream> streams = new ArrayList<>();
    split
        .from()
        .forEach((name, position) -> {
          String schema = split.argument(schemaKey(name));
          String selected = split.arguments().getOrDefault(selectedKey(name), schema);
          streams.add(
              new FollowedStream(
                  name,
                  LogPosition.of(position),
                  SchemaCodec.read(schema),
                  Boolean.parseBoolean(split.argument(openKey(name))),
                  SchemaCodec.read(selected),
                  Boolean.parseBoolean(split.argument(everythingKey(name)))));
        });
    String publications = split.argument("publications");
    return new LogSplit(
        split.id(),
        split.argument("database"),
        split.argument("slot"),
        split.argument("plugin"),
        split.argument("format"),
        publications.isEmpty() ? List.of() : List.of(publications.split(SEPARATOR, -1)),
        Boolean.parseBoolean(split.argument("binary")),
        Boolean.parseBoolean(split.argument("streaming")),
        lsn(split, "end"),
        lsn(split, "floor"),
        streams);
  }

  private static String schemaKey(StreamName name) {
    return "schema " + key(name);
  }

  private static String everythingKey(StreamName name) {
    return "everything " + key(name);
  }

  private static String selectedKey(StreamName name) {
    return "selected " + key(name);
  }

  private static String openKey(StreamName name) {
    return "open " + key(name);
  }

  // Names may hold dots.
  private static String key(StreamName name) {
    return name.namespace().length() + ":" + name;
  }

  private static OptionalLong lsn(Split split, String name) {
    @Nullable String value = split.arguments().get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(Lsn.parse(value));
  }
}
