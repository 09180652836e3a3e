package dev.tapline.cli.descriptor;

import dev.tapline.engine.Pipeline;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The keys of a descriptor, apart from those that a plug-in declares for its own section: what is
/// read, what editors know, and what the reference says, all come from here.
public final class DescriptorKeys {
  private static final long MEGABYTE = 1L << 20;
  private static final Pipeline.Engine DEFAULT = Pipeline.Engine.DEFAULT;

  public static final ConfigKey<String> NAME =
      ConfigKey.string("name")
          .doc(
              "What the state and the sink's marker are named after: letters, digits, `.`, `_`, `-`. Without it, the file's name without its extension.");

  static final ConfigKey<String> TYPE =
      ConfigKey.string("type").required().doc("The plug-in; `runtime plugins` lists them.");

  public static final ConfigKey<String> METHOD =
      ConfigKey.string("method")
          .calledElsewhere("replication-method", "sync-mode", "mode")
          .withDefault("FULL_TABLE")
          .doc(
              "The replication method of streams that name none: `FULL_TABLE`, `INCREMENTAL`,"
                  + " `LOG_BASED`, or that of a"
                  + " plug-in. A stream whose method changes begins anew.");

  static final ConfigKey<String> TABLE =
      ConfigKey.string("table")
          .doc(
              "Tables, as `schema.table` or `database.schema.table`; `*` stands for any characters and `?` for one. The most specific entry that matches a table wins.");

  static final ConfigKey<String> VIEW =
      ConfigKey.string("view").doc("Views or materialized views, written as for `table`.");

  static final ConfigKey<List<String>> EXCLUDE =
      ConfigKey.strings("exclude").doc("Patterns of what this entry does not mean.");

  static final ConfigKey<String> STREAM_METHOD =
      ConfigKey.string("method")
          .calledElsewhere("replication-method", "sync-mode", "mode")
          .doc("The replication method. Without it, the pipeline's.");

  static final ConfigKey<List<String>> PRIMARY_KEY =
      ConfigKey.strings("primary-key")
          .calledElsewhere("key", "keys", "key-properties", "table-key-properties")
          .doc("The columns that identify a row, where the source knows none, as for a view.");

  static final ConfigKey<List<String>> REPLICATION_KEY =
      ConfigKey.strings("replication-key")
          .calledElsewhere(
              "cursor", "cursor-field", "bookmark", "incremental-key", "valid-replication-keys")
          .doc(
              "The columns that INCREMENTAL goes by, such as the time of the last change or a growing number; the most significant one first. They are always replicated.");

  static final ConfigKey<String> LOOKBACK =
      ConfigKey.string("lookback")
          .doc(
              "How far behind its position INCREMENTAL begins, for rows that are committed late: a span of time such as `10m` for a key of times, a number for a key of numbers. Rows that were brought before and have not changed are left out, as far as they can be remembered.");

  static final ConfigKey<List<String>> INCLUDE_COLUMNS =
      ConfigKey.strings("include").doc("The columns to take. Without it, all.");

  static final ConfigKey<List<String>> EXCLUDE_COLUMNS =
      ConfigKey.strings("exclude")
          .doc("The columns to leave out, included ones too. Those of the key stay.");

  static final ConfigKey<Config> COLUMNS =
      optionalSection("columns", ConfigSpec.of(INCLUDE_COLUMNS, EXCLUDE_COLUMNS))
          .doc("Which columns are replicated.");

  static final ConfigKey<String> AS =
      ConfigKey.string("as")
          .calledElsewhere("destination", "target", "name", "rename")
          .doc("What the sink calls the stream. Without it, a name made of schema and table.");

  static final ConfigSpec STREAM =
      ConfigSpec.of(
          TABLE, VIEW, EXCLUDE, STREAM_METHOD, REPLICATION_KEY, LOOKBACK, PRIMARY_KEY, COLUMNS, AS);

  public static final ConfigKey<List<Config>> STREAMS =
      ConfigKey.sections("streams", STREAM)
          .calledElsewhere("tables", "collections")
          .required()
          .doc("What to replicate, and how.");

  public static final ConfigKey<Path> STATE =
      ConfigKey.path("state")
          .withDefault(Path.of(".tapline"))
          .doc("The folder of the state, the reports and the extraction logs.");

  static final ConfigKey<Long> PARALLELISM =
      ConfigKey.integer("parallelism")
          .range(1, 256)
          .withDefault((long) DEFAULT.parallelism())
          .doc("How many reads run at once, each on its own connection.");

  static final ConfigKey<Duration> CHECKPOINT_INTERVAL =
      ConfigKey.duration("interval")
          .withDefault(DEFAULT.checkpointInterval())
          .doc(
              "How long a change waits at the most. One that comes after a quiet time does not wait: its"
                  + " checkpoint is made at once, and those that follow within this time share the next. Each"
                  + " checkpoint writes a file a stream that has changes, so a short time makes many small files.");

  static final ConfigKey<Long> CHECKPOINT_ROWS =
      ConfigKey.integer("rows")
          .range(1, Long.MAX_VALUE)
          .doc(
              "The most rows between two checkpoints. Where it is not given, what the sink wishes: 150000 of"
                  + " `jdbc`, 1000000 of the others.");

  static final ConfigKey<Long> CHECKPOINT_BYTES =
      ConfigKey.size("bytes")
          .range(MEGABYTE, Long.MAX_VALUE)
          .withDefault(DEFAULT.checkpointBytes())
          .doc("The most bytes of values between two checkpoints.");

  static final ConfigKey<Config> CHECKPOINT =
      optionalSection(
              "checkpoint", ConfigSpec.of(CHECKPOINT_INTERVAL, CHECKPOINT_ROWS, CHECKPOINT_BYTES))
          .doc(
              "When changes out of a log become durable and visible; whichever comes first, and then at the"
                  + " next end of a transaction. FULL_TABLE has no such checkpoints: a table becomes visible"
                  + " when it is complete, whatever stands here.");

  static final ConfigKey<Duration> RETRY_FOR =
      ConfigKey.duration("retry-for")
          .withDefault(DEFAULT.retryFor())
          .doc("How long to go on trying after a failure that may pass, such as a cut connection.");

  static final ConfigKey<Long> KEEP_RUNS =
      ConfigKey.integer("keep-runs")
          .range(1, 1_000_000)
          .withDefault(100L)
          .doc("Of how many runs to keep the extraction log and the loading report.");

  public static final ConfigKey<Config> ENGINE =
      optionalSection("engine", ConfigSpec.of(PARALLELISM, CHECKPOINT, RETRY_FOR, KEEP_RUNS))
          .doc("How to run.");

  private DescriptorKeys() {}

  /// The section that says where data comes from.
  ///
  /// @param keys what the plug-in declares
  public static ConfigKey<Config> source(ConfigSpec keys) {
    return ConfigKey.section("source", withType(keys))
        .doc("Where data comes from: `type`, and the keys of that plug-in.");
  }

  /// The section that says where data goes.
  ///
  /// @param keys what the plug-in declares
  public static ConfigKey<Config> sink(ConfigSpec keys) {
    return ConfigKey.section("sink", withType(keys))
        .doc("Where data goes: `type`, and the keys of that plug-in.");
  }

  static ConfigSpec root(ConfigKey<Config> source, ConfigKey<Config> sink) {
    return ConfigSpec.of(NAME, source, METHOD, STREAMS, sink, STATE, ENGINE);
  }

  /// A section that has its keys' defaults when it is not given.
  private static ConfigKey<Config> optionalSection(String name, ConfigSpec keys) {
    return ConfigKey.section(name, keys).withDefault(Config.of(keys, Map.of()));
  }

  private static ConfigSpec withType(ConfigSpec keys) {
    List<ConfigKey<?>> all = new ArrayList<>(List.of(TYPE));
    all.addAll(keys.keys());
    return new ConfigSpec(all);
  }
}
