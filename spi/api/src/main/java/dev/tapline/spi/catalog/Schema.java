package dev.tapline.spi.catalog;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The fields of a stream, in order, and its key. Names that differ only in letter case are
/// different names; there may be no field at all.
///
/// @param fields the fields
/// @param key names of the fields that identify a row, in the key's order; empty when there is none
public record Schema(List<Field> fields, List<String> key) {

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException if two fields have one name, or the key names no field
  public Schema {
    fields = List.copyOf(fields);
    key = List.copyOf(key);
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("two fields named '" + field.name() + "'");
      }
    }
    for (String name : key) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("the key's '" + name + "' is not a field");
      }
    }
  }

  /// The index of a field, or -1.
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /// How many fields there are.
  public int size() {
    return fields.size();
  }
}
