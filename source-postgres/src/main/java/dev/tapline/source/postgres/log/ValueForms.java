package dev.tapline.source.postgres.log;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.log.rows.Followed;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Decides in which form a log's values are asked for. Binary is cheaper for both sides, but it is
/// one setting for a whole log, and a type that is not decoded natively here has to come as text.
/// So a log comes in binary when every selected column is of a type that is. A column that turns
/// out to be of another, since it was altered or added, has the log read again as text.
final class ValueForms {
  private static final int VERSION_WITH_BINARY = 140_000;

  private final Set<String> slotsAsText = ConcurrentHashMap.newKeySet();

  boolean areBinary(
      int version, String plugin, List<Followed> streams, Map<StreamName, Table> tables) {
    return version >= VERSION_WITH_BINARY
        && plugin.equals("pgoutput")
        && streams.stream().allMatch(stream -> isNative(stream, tables.get(stream.name())));
  }

  // Of a table that is gone, the log tells what its columns were.
  private static boolean isNative(Followed stream, @Nullable Table table) {
    return table == null
        || table.columns().stream()
            .filter(column -> stream.schema().indexOf(column.field().name()) >= 0)
            .map(Column::type)
            .allMatch(type -> type.isNative());
  }

  /// The read as it shall be done after all that has happened.
  LogRead of(LogRead read) {
    return slotsAsText.contains(read.slot()) ? read.inText() : read;
  }

  /// Has a slot read as text from now on.
  void readAsText(String slot) {
    slotsAsText.add(slot);
  }
}
