package dev.tapline.cli.demo;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.TextTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Whether the rows that came out of the log, replayed, are the rows of the tables. It knows of the
/// demo's tables that their keys are whole numbers in the first columns, and that each update
/// carries the whole row.
public final class DemoComparison {
  private static final String OPERATION = ",\"_op\":\"";

  private final TextTable table =
      TextTable.of("table", ">in the shop", ">in the copy", ">changes", "");
  private boolean equal = true;

  /// @param copy the folder of a destination that a log was followed into
  /// @param whole the folder of the same table, read as a whole
  /// @param keyColumns of how many columns the key is
  void add(String name, Path copy, Path whole, int keyColumns) throws IOException {
    Map<String, Integer> rows = new HashMap<>();
    long changes = 0;
    for (Path file : files(copy)) {
      try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
        changes += lines.filter(line -> replay(rows, line, keyColumns)).count();
      }
    }
    int inTheCopy = rows.size();
    long inTheShop = 0;
    long different = 0;
    for (Path file : files(whole)) {
      try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
        for (String line : (Iterable<String>) lines::iterator) {
          Integer copied = rows.remove(key(line, keyColumns));
          different += copied != null && copied == values(line).hashCode() ? 0 : 1;
          inTheShop++;
        }
      }
    }
    boolean same = different == 0 && rows.isEmpty();
    equal &= same;
    table.row(
        name,
        HumanReadable.count(inTheShop),
        HumanReadable.count(inTheCopy),
        HumanReadable.count(changes),
        same ? "equal" : "DIFFERENT: " + (different + rows.size()) + " rows");
  }

  public boolean isEqual() {
    return equal;
  }

  public String text() {
    return "\nThe copy that followed the log, beside the shop itself:\n\n"
        + table
        + (equal ? "\nThe copy equals the source.\n" : "\nThe copy is not the source.\n");
  }

  /// @return whether it is a change out of the log
  private static boolean replay(Map<String, Integer> rows, String line, int keyColumns) {
    char operation = line.charAt(line.lastIndexOf(OPERATION) + OPERATION.length());
    if (operation == 'd') {
      rows.remove(key(line, keyColumns));
    } else {
      rows.put(key(line, keyColumns), values(line).hashCode());
    }
    return operation != 'r';
  }

  private static String values(String line) {
    return line.substring(0, line.lastIndexOf(OPERATION));
  }

  private static String key(String line, int columns) {
    int end = 0;
    for (int i = 0; i < columns; i++) {
      end = line.indexOf(',', end + 1);
    }
    return line.substring(0, end);
  }

  /// The files of a destination, in the order in which they were written.
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList());
    }
  }
}
