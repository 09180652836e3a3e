package dev.tapline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads splits as an engine does, and keeps the rows.
final class SplitReading {
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final int SOME = 5;

  private final Duration patience;
  private final List<ReadRow> rows = new ArrayList<>();

  /// A row of a table of the kit.
  ///
  /// @param id the key; 0 where a row has none, as a TRUNCATE
  /// @param note the text; null for NULL and for what was not carried
  record ReadRow(
      StreamName stream,
      Change change,
      long id,
      @Nullable String note,
      long commitPosition,
      long index,
      long commitTime,
      long transaction) {
    /// As in `UPDATE 1 changed`; a DELETE with its key alone.
    String text() {
      return switch (change) {
        case TRUNCATE -> change.name();
        case DELETE -> change + " " + id;
        default -> change + " " + id + " " + note;
      };
    }
  }

  /// Where a read may go on.
  ///
  /// @param rows how many rows were returned before
  record Place(int rows, Map<StreamName, Position> positions) {
    Position of(StreamName stream) {
      return position(positions, stream);
    }
  }

  /// @param patience how long a reader may bring nothing before it ends
  SplitReading(Duration patience) {
    this.patience = patience;
  }

  /// What was read so far.
  List<ReadRow> rows() {
    return List.copyOf(rows);
  }

  /// Reads until the reader has finished.
  void toTheEnd(BatchReader reader) throws Exception {
    long last = System.nanoTime();
    while (!reader.finished()) {
      if (poll(reader)) {
        last = System.nanoTime();
      }
      assertThat(System.nanoTime() - last)
          .as("nanoseconds without a row of a reader that has not finished")
          .isLessThan(patience.toNanos());
    }
  }

  /// Reads until a number of rows was returned.
  void until(BatchReader reader, int count) throws Exception {
    long begin = System.nanoTime();
    while (rows.size() < count) {
      poll(reader);
      assertThat(System.nanoTime() - begin)
          .as("nanoseconds to bring %d rows; there are %d", count, rows.size())
          .isLessThan(patience.toNanos());
    }
  }

  /// Reads until the reader has finished, and notes each place where a read may go on.
  List<Place> places(BatchReader reader) throws Exception {
    List<Place> places = new ArrayList<>();
    long last = System.nanoTime();
    while (!reader.finished()) {
      if (poll(reader)) {
        last = System.nanoTime();
      }
      if (!reader.positions().isEmpty()) {
        places.add(new Place(rows.size(), reader.positions()));
      }
      assertThat(System.nanoTime() - last).isLessThan(patience.toNanos());
    }
    assertThat(reader.positions()).as("positions of a reader that has finished").isNotEmpty();
    places.add(new Place(rows.size(), reader.positions()));
    return places;
  }

  /// The first, the last and some in between.
  static List<Place> some(List<Place> places) {
    List<Place> some = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      Place place = places.get(i * (places.size() - 1) / (SOME - 1));
      if (!some.contains(place)) {
        some.add(place);
      }
    }
    return some;
  }

  /// The rows of a stream.
  static List<ReadRow> of(List<ReadRow> rows, StreamName stream) {
    return rows.stream().filter(row -> row.stream().equals(stream)).toList();
  }

  static List<Long> ids(List<ReadRow> rows) {
    return rows.stream().map(ReadRow::id).toList();
  }

  /// The position of a stream, which must be there.
  static Position position(Map<StreamName, Position> positions, StreamName stream) {
    Position position = positions.get(stream);
    if (position == null) {
      throw new AssertionError("no position of " + stream + " in " + positions);
    }
    return position;
  }

  /// The split of a source of one log.
  static Split only(List<Split> splits) {
    assertThat(splits).hasSize(1);
    return splits.getFirst();
  }

  private boolean poll(BatchReader reader) throws Exception {
    Optional<Batch> batch = reader.poll(WAIT);
    batch.ifPresent(this::take);
    return batch.isPresent();
  }

  private void take(Batch batch) {
    assertThat(batch.rows()).as("rows of a batch").isPositive();
    for (int row = 0; row < batch.rows(); row++) {
      Map<String, @Nullable Object> values = Canonical.row(batch, row);
      Object id = values.get("id");
      Object note = values.get("note");
      rows.add(
          new ReadRow(
              batch.stream(),
              batch.change(row),
              id == null ? 0 : Long.parseLong(id.toString()),
              note == null ? null : note.toString(),
              batch.commitPosition(row),
              batch.index(row),
              batch.commitTime(row),
              batch.transaction(row)));
    }
  }
}
