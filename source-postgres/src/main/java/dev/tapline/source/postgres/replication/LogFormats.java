package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.stream.FormatFallback;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Decides in which form a log is asked for. Binary values are cheaper for both sides, but it is
/// one setting for a whole log, and a type that is not decoded natively here has to come as text.
/// So a log comes in binary when every selected column is of a type that is. A column that turns
/// out to be of another, since it was altered or added, has the log read again as text; and a
/// transaction that the server cannot decode while it is open has it read again with what is
/// committed only. A text that the server cannot convert has it read again with texts as they are
/// stored, so that only the stream that it belongs to fails.
final class LogFormats {
  private static final int VERSION_WITH_BINARY = 140_000;

  private final Set<String> slotsAsText = ConcurrentHashMap.newKeySet();
  private final Set<String> slotsAsStored = ConcurrentHashMap.newKeySet();
  private final Set<String> slotsOfCommitted = ConcurrentHashMap.newKeySet();

  boolean areBinary(
      int version, String plugin, List<FollowedStream> streams, Map<StreamName, Table> tables) {
    return version >= VERSION_WITH_BINARY
        && plugin.equals("pgoutput")
        && streams.stream().allMatch(stream -> isNative(stream, tables.get(stream.name())));
  }

  // Of a table that is gone, the log tells what its columns were.
  private static boolean isNative(FollowedStream stream, @Nullable Table table) {
    return table == null
        || table.columns().stream()
            .filter(column -> stream.schema().indexOf(column.field().name()) >= 0)
            .map(Column::type)
            .allMatch(type -> type.isNative());
  }

  /// The split as it shall be done after all that has happened.
  LogSplit of(LogSplit split) {
    LogSplit formed = slotsAsText.contains(split.slot()) ? split.inText() : split;
    return slotsOfCommitted.contains(split.slot()) ? formed.ofCommitted() : formed;
  }

  /// Takes note of what a slot cannot be asked for.
  FormatFallback fallback(String slot) {
    return new FormatFallback() {
      @Override
      public void asText() {
        slotsAsText.add(slot);
      }

      @Override
      public void asStored() {
        slotsAsText.add(slot);
        slotsAsStored.add(slot);
      }

      @Override
      public boolean isAsStored() {
        return slotsAsStored.contains(slot);
      }

      @Override
      public void ofCommitted() {
        slotsOfCommitted.add(slot);
      }
    };
  }
}
