package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.DatabaseNames;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// What a descriptor says about the log and how to read it.
///
/// @param slot the slot's name, with [#DATABASE] in it where there is one slot for each of several
///   databases, if a name is given
/// @param createSlot whether a missing slot is created
/// @param failover whether it is carried over to standbys
/// @param plugin the output plug-in
/// @param format the format of wal2json's messages: `auto`, `1` or `2`
/// @param publication the publication's name, if one is given
/// @param createPublication whether a missing publication is created
/// @param streaming whether changes of large transactions are taken before they are committed
/// @param spool a folder for these
/// @param heartbeat how often to write a message into the log, if at all
/// @param removedPartitions what becomes of the rows of partitions that are removed or truncated
public record ReplicationConfig(
    Optional<String> slot,
    boolean createSlot,
    boolean failover,
    Plugin plugin,
    String format,
    Optional<String> publication,
    boolean createPublication,
    boolean streaming,
    Path spool,
    Optional<Duration> heartbeat,
    RemovedPartitions removedPartitions) {

  /// Stands for the database's name in the name of a slot.
  public static final String DATABASE = "{database}";

  private static final String PREFIX = "tapline_";
  private static final int MAX_LENGTH = 63;

  /// The output plug-ins that can be asked for.
  public enum Plugin {
    /// Whichever fits.
    AUTO,
    /// PostgreSQL's own.
    PGOUTPUT,
    /// The one that writes JSON.
    WAL2JSON;

    /// The server's name for it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What becomes of the rows of partitions that are detached, dropped or truncated, which the log
  /// does not name.
  public enum RemovedPartitions {
    /// The table is copied anew, without them.
    COPY_ANEW,
    /// The copy keeps them.
    KEEP
  }

  /// Whether the copy keeps the rows of partitions that are removed or truncated.
  public boolean keepsRemoved() {
    return removedPartitions == RemovedPartitions.KEEP;
  }

  static ReplicationConfig read(Config config, Consumer<ConfigProblem> problems) {
    Optional<String> slot = config.find(PostgresSourceOptions.SLOT);
    slot.ifPresent(name -> {
      String example = name.replace(DATABASE, "x");
      if (!example.matches("[a-z0-9_]{1,63}")) {
        problems.accept(
            new ConfigProblem(
                PostgresSourceOptions.SLOT,
                "'%s' cannot be the name of a slot, which has up to 63 of a-z, 0-9 and _"
                    .formatted(name)));
      }
      boolean several =
          config.has(PostgresSourceOptions.DATABASES)
              && !config.get(PostgresSourceOptions.DATABASES).equals(List.of())
              && (config.get(PostgresSourceOptions.DATABASES).size() > 1
                  || config.get(PostgresSourceOptions.DATABASES).contains("*"));
      if (several && !name.contains(DATABASE)) {
        problems.accept(
            new ConfigProblem(
                PostgresSourceOptions.SLOT,
                "a slot belongs to one database, and several are read; write slot: %s_%s"
                    .formatted(name, DATABASE)));
      }
    });
    String format = config.get(PostgresSourceOptions.FORMAT);
    if (!List.of("auto", "1", "2").contains(format)) {
      problems.accept(
          new ConfigProblem(
              PostgresSourceOptions.FORMAT, "'" + format + "' is none of auto, 1, 2"));
    }
    return new ReplicationConfig(
        slot,
        config.get(PostgresSourceOptions.CREATE_SLOT),
        config.get(PostgresSourceOptions.FAILOVER),
        config.get(PostgresSourceOptions.PLUGIN),
        format,
        config.find(PostgresSourceOptions.PUBLICATION),
        config.get(PostgresSourceOptions.CREATE_PUBLICATION),
        config.get(PostgresSourceOptions.STREAMING),
        config
            .find(PostgresSourceOptions.SPOOL)
            .orElse(Path.of(System.getProperty("java.io.tmpdir"))),
        config.find(PostgresSourceOptions.HEARTBEAT),
        config.get(PostgresSourceOptions.REMOVED_PARTITIONS));
  }

  /// The name that a database's slot has as a rule. Names that differ only in what a slot's name
  /// cannot hold come to one name: then there is [#otherSlotOf(String)].
  public String slotOf(String database) {
    String safe = database.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    String name = slot.map(given -> given.replace(DATABASE, safe)).orElse(PREFIX + safe);
    return name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
  }

  /// The name of a database's slot where its usual name is that of another database's; nothing
  /// where the descriptor says which slot it is.
  public Optional<String> otherSlotOf(String database) {
    if (slot.isPresent() && !slot.get().contains(DATABASE)) {
      return Optional.empty();
    }
    String usual = slotOf(database);
    String end = "_" + DatabaseNames.hash(database);
    return Optional.of(
        usual.substring(0, Math.min(usual.length(), MAX_LENGTH - end.length())) + end);
  }

  /// The name of a database's publication.
  public String publicationOf(String database) {
    return publication.orElseGet(() -> slotOf(database));
  }
}
