package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.ColumnDigests;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Compares the columns that came when a position was taken with those that come now.
final class ColumnComparison {
  private ColumnComparison() {}

  static List<Difference> of(StreamFacts before, CurrentFacts present) {
    List<Difference> differences = new ArrayList<>();
    Set<Integer> more = new TreeSet<>(before.absent());
    more.removeIf(number -> !present.brings(number));
    // A list says of a column that was added since, too, that it was left out until now.
    present.columns().keySet().stream()
        .filter(number -> before.listedUpTo() > 0 && number > before.listedUpTo())
        .filter(present::brings)
        .forEach(more::add);
    if (!more.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.MORE_COLUMNS,
              "its columns %s come now, and did not come before".formatted(named(more, present))));
    }
    Set<Integer> less = new TreeSet<>(present.facts().absent());
    less.removeAll(before.absent());
    // One that was added, and may not be read, has never come.
    less.removeIf(number -> !ColumnDigests.mayHave(before.columns(), number));
    if (!less.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.FEWER_COLUMNS,
              "its columns %s do not come any more".formatted(named(less, present))));
    }
    if (more.isEmpty()) {
      differences.addAll(altered(before, present));
    }
    return differences;
  }

  private static List<Difference> altered(StreamFacts before, CurrentFacts present) {
    return ColumnDigests.since(before.columns(), present.brought(), present.numbers())
        .told()
        .stream()
        .map(told ->
            Difference.of(
                Notice.COLUMNS_ALTERED,
                told
                    + "; rows that were written before stay as they are, until 'runtime reset --stream' has the stream copied anew"))
        .toList();
  }

  private static String named(Collection<Integer> numbers, CurrentFacts present) {
    return FactComparison.few(
        numbers.stream()
            .map(number -> {
              Column column = present.columns().get(number);
              return column == null ? "number " + number : column.field().name();
            })
            .toList());
  }
}
