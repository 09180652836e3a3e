package dev.tapline.sink.jdbc.staging;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.dialect.api.PacketLimit;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.SpecialValuePolicy;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.batch.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds rows that the destination would reject, or could not hold unchanged.
final class RowValidator {
  private static final Logger LOG = LoggerFactory.getLogger("jdbc");
  private static final int SHOWN = 100;
  // Escapes and the digits of numbers enlarge rows by less than this factor.
  private static final int MAX_GROWTH = 16;

  private final StagingConfig config;
  private final TablePlan plan;
  private final RejectedRows rejected;
  private final long[] nulls;

  RowValidator(StagingConfig config, TablePlan plan, RejectedRows rejected) {
    this.config = config;
    this.plan = plan;
    this.rejected = rejected;
    this.nulls = new long[plan.columns().size()];
  }

  /// Rejects rows, or replaces values by NULL, as the policies say.
  ///
  /// @param skip rows to ignore; rejected rows are added
  /// @param onlyKeys rows of which only the key counts
  /// @return the columns as the destination can hold them
  List<Column> validate(List<Column> columns, int rows, BitSet skip, BitSet onlyKeys)
      throws IOException {
    List<Column> valid = columns;
    boolean copied = false;
    for (int i = 0; i < columns.size(); i++) {
      PlannedColumn planned = plan.columns().get(i);
      Column column = columns.get(i);
      boolean inKey = plan.key().contains(planned.name());
      if (inKey && (column.hasNulls() || column.hasUnchanged())) {
        rejectWithoutKey(planned, columns, rows, skip, i);
      }
      if (planned.type().limit().equals(ValueLimit.NONE)) {
        continue;
      }
      BitSet outside = outside(planned.type().limit(), column, rows, skip);
      if (!inKey) {
        outside.andNot(onlyKeys);
      }
      if (outside.isEmpty()) {
        continue;
      }
      if (config.planner().special() == SpecialValuePolicy.NULL && !inKey) {
        nulls[i] += outside.cardinality();
        valid = copied ? valid : new ArrayList<>(columns);
        copied = true;
        valid.set(i, withNulls(column, rows, outside));
      } else {
        for (int row = outside.nextSetBit(0); row >= 0; row = outside.nextSetBit(row + 1)) {
          reject(columns, row, notHeld(planned, column, row));
          skip.set(row);
        }
      }
    }
    Optional<PacketLimit> packet = config.planner().dialect().packetLimit();
    if (packet.isPresent()) {
      return fitting(packet.get(), valid, rows, skip, onlyKeys);
    }
    return valid;
  }

  /// Drops the values of deletes that would exceed a packet, and rejects other rows that do.
  private List<Column> fitting(
      PacketLimit packet, List<Column> columns, int rows, BitSet skip, BitSet onlyKeys)
      throws IOException {
    long bytes = 0;
    for (Column column : columns) {
      bytes += column.payloadBytes();
    }
    if (bytes < packet.forRows() / MAX_GROWTH) {
      return columns;
    }
    List<Column> kept = withoutValues(packet, columns, rows, skip, onlyKeys);
    rejectTooLarge(packet, kept, rows, skip);
    return kept;
  }

  private List<Column> withoutValues(
      PacketLimit packet, List<Column> columns, int rows, BitSet skip, BitSet onlyKeys) {
    BitSet large = new BitSet();
    for (int row = onlyKeys.nextSetBit(0); row >= 0; row = onlyKeys.nextSetBit(row + 1)) {
      if (!skip.get(row) && size(packet, columns, row) > packet.forRows()) {
        large.set(row);
      }
    }
    if (large.isEmpty()) {
      return columns;
    }
    List<Column> kept = new ArrayList<>(columns);
    for (int i = 0; i < plan.fields(); i++) {
      if (!plan.key().contains(plan.columns().get(i).name())) {
        kept.set(i, withNulls(columns.get(i), rows, large));
      }
    }
    return kept;
  }

  private long size(PacketLimit packet, List<Column> columns, int row) {
    long size = 0;
    for (int i = 0; i < columns.size(); i++) {
      PlannedColumn planned = plan.columns().get(i);
      size += packet.size(columns.get(i), row, planned.type().parameterType());
    }
    return size;
  }

  private void rejectTooLarge(PacketLimit packet, List<Column> columns, int rows, BitSet skip)
      throws IOException {
    for (int row = skip.nextClearBit(0); row < rows; row = skip.nextClearBit(row + 1)) {
      long size = size(packet, columns, row);
      if (size > packet.forRows()) {
        reject(
            columns,
            row,
            "a row of %d bytes does not fit into the %d that %s takes at once; raise '%s' there, or leave its large columns out"
                .formatted(
                    size, packet.bytes(), config.planner().dialect().name(), packet.setting()));
        skip.set(row);
      }
    }
  }

  private static BitSet outside(ValueLimit limit, Column column, int rows, BitSet skip) {
    BitSet outside = new BitSet();
    for (int row = 0; row < rows; row++) {
      if (!skip.get(row)
          && !column.isNull(row)
          && !column.isUnchanged(row)
          && !limit.holds(column, row)) {
        outside.set(row);
      }
    }
    return outside;
  }

  private void rejectWithoutKey(
      PlannedColumn planned, List<Column> columns, int rows, BitSet skip, int index)
      throws IOException {
    Column column = columns.get(index);
    for (int row = 0; row < rows; row++) {
      if (!skip.get(row) && (column.isNull(row) || column.isUnchanged(row))) {
        reject(columns, row, "column '%s' is part of the key and NULL".formatted(planned.name()));
        skip.set(row);
      }
    }
  }

  private static Column withNulls(Column column, int rows, BitSet outside) {
    Column copy = Column.of(column.type(), rows);
    for (int row = 0; row < rows; row++) {
      if (outside.get(row)) {
        copy.appendNull();
      } else {
        copy.appendFrom(column, row);
      }
    }
    return copy;
  }

  private String notHeld(PlannedColumn planned, Column column, int row) {
    String value = ValueText.of(column, row);
    String remedy =
        plan.key().contains(planned.name()) && planned.type().parameterType() == ParameterType.TEXT
            ? "a key of text has limits; change it, or keep every change instead of a table with that key by 'sink.modes: {\"%s\": append}'"
            : "set sink.special-values, or name '%s.%s' in sink.text-columns";
    return "column '%s': %s cannot hold the value '%s'; %s"
        .formatted(
            planned.name(),
            planned.type().sql(),
            value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value,
            remedy.formatted(plan.destination(), planned.name()));
  }

  /// Keeps a rejected row or fails, depending on the policy.
  void reject(List<Column> columns, int row, String reason) throws IOException {
    if (config.rejectedRows() == RejectedRowPolicy.FAIL) {
      throw new IOException("destination '%s': %s".formatted(plan.destination(), reason));
    }
    rejected.add(plan.destination(), reason, rejected.json(plan.columns(), columns, row));
  }

  /// Logs how many values became NULL.
  void report() {
    for (int i = 0; i < nulls.length; i++) {
      if (nulls[i] > 0) {
        PlannedColumn column = plan.columns().get(i);
        LOG.warn(
            "destination {}: column '{}': {} values that {} cannot hold are NULL",
            plan.destination(),
            column.name(),
            nulls[i],
            column.type().sql());
        nulls[i] = 0;
      }
    }
  }
}
