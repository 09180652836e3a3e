package dev.tapline.source.postgres.incremental;

import dev.tapline.spi.source.Split;
import java.util.Map;

/// How the values of one column of a key are ordered: by the operators of the default btree
/// operator class of its type, which is what ORDER BY and an index go by (manual, "Operator Classes
/// and Operator Families"). `>=` alone would be whatever operator the search path offers: for
/// citext, ltree and other types of extensions another one, or none.
///
/// @param type the type, without its domain and modifier, quoted
/// @param atLeast `OPERATOR(schema.>=)`, or what stands for it
/// @param above the same for `>`
/// @param equal the same for `=`
/// @param collation the collation, quoted; empty for a type without
record KeyOrder(String type, String atLeast, String above, String equal, String collation) {
  private static final String OF_THE_SERVER = "OPERATOR(\"pg_catalog\".>=)";

  /// Whether its operators are those that a search path of the catalog alone offers.
  boolean isOfServer() {
    return atLeast.equals(OF_THE_SERVER);
  }

  /// What a position says of it.
  String said() {
    return type + " " + atLeast + (collation.isEmpty() ? "" : " COLLATE " + collation);
  }

  /// Of the arguments of a split.
  ///
  /// @param prefix of their names
  static KeyOrder of(Split split, String prefix) {
    return new KeyOrder(
        split.argument(prefix + "type"),
        split.argument(prefix + "atLeast"),
        split.argument(prefix + "above"),
        split.argument(prefix + "equal"),
        split.argument(prefix + "collation"));
  }

  /// As arguments of a split.
  ///
  /// @param prefix of their names
  Map<String, String> arguments(String prefix) {
    return Map.of(
        prefix + "type",
        type,
        prefix + "atLeast",
        atLeast,
        prefix + "above",
        above,
        prefix + "equal",
        equal,
        prefix + "collation",
        collation);
  }
}
