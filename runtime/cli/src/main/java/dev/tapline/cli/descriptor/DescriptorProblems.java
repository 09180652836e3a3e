package dev.tapline.cli.descriptor;

import dev.tapline.cli.logging.Secrets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects what is wrong in a descriptor, so that all of it can be told at once.
final class DescriptorProblems {
  private final String file;
  private final Map<List<String>, FileLocation> places = new HashMap<>();
  private final Set<String> faulty = new HashSet<>();
  private final List<Problem> found = new ArrayList<>();

  /// @param file how the user calls it
  DescriptorProblems(String file) {
    this.file = file;
  }

  private record Problem(FileLocation place, String message) {}

  /// Remembers where a key, or an entry of a list, stands.
  void place(List<String> path, FileLocation place) {
    places.putIfAbsent(path, place);
  }

  /// A problem with the file as such.
  void add(FileLocation place, String message) {
    found.add(new Problem(place, message));
  }

  /// A problem with what is at `path`, or with what ought to be there.
  void add(List<String> path, String message) {
    add(path, placeOf(path), message);
  }

  /// A problem with what is at `path`, at a place that is more exact than that of its key.
  void add(List<String> path, FileLocation place, String message) {
    path.stream().findFirst().ifPresent(faulty::add);
    add(place, message);
  }

  /// Whether nothing was found wrong in a section.
  boolean isClean(String section) {
    return !faulty.contains(section);
  }

  /// `file:line:column` of what is at `path`.
  String where(List<String> path) {
    return where(placeOf(path));
  }

  void throwIfAny() throws DescriptorException {
    if (!found.isEmpty()) {
      throw new DescriptorException(
          found.stream()
              .sorted(Comparator.comparing(Problem::place))
              .map(problem -> Secrets.mask(where(problem.place()) + ": " + problem.message()))
              .distinct()
              .toList());
    }
  }

  private String where(FileLocation place) {
    return file + ":" + place.line() + ":" + place.column();
  }

  private FileLocation placeOf(List<String> path) {
    List<String> at = path;
    while (!places.containsKey(at) && !at.isEmpty()) {
      at = at.subList(0, at.size() - 1);
    }
    return places.getOrDefault(at, FileLocation.START);
  }
}
