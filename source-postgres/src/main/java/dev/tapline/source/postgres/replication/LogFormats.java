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

/// Decides in which form a log is requested. Binary values are cheaper for both sides, but binary
/// is a setting of the whole log, and a type that is not decoded natively has to come as text. So a
/// log comes in binary if every selected column has a native type. If a column turns out to have
/// another type, since it was altered or added, the log is read again as text. If the server cannot
/// decode a transaction while it is open, the log is read again with committed transactions only.
/// If the server cannot convert a text, it is read again with texts as they are stored, so that
/// only the stream concerned fails.
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

  /// The split in the form that the failures so far require.
  LogSplit of(LogSplit split) {
    LogSplit formed = slotsAsText.contains(split.slot()) ? split.inText() : split;
    return slotsOfCommitted.contains(split.slot()) ? formed.ofCommitted() : formed;
  }

  /// Records which forms cannot be requested of a slot.
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
