package dev.tapline.soak;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/// The tables that are copied. All have `id`, `version`, `name` and a large text that is stored out
/// of line; further columns come and go.
final class Tables {
  static final List<String> KEYED = List.of("keyed1", "keyed2", "swapped", "moved", "listed");
  static final String KEYLESS = "keyless";
  static final String OUT_OF_LINE = "outline";
  static final String PARTITIONED = "parted";
  static final String PARENT = "parent";
  static final String IDENTIFIED = "identified";

  static final List<String> ALL =
      List.of(
          "keyed1",
          "keyed2",
          "swapped",
          "moved",
          "listed",
          KEYLESS,
          OUT_OF_LINE,
          PARTITIONED,
          PARENT,
          IDENTIFIED);

  static final int PARTITION = 1_000;
  private static final String COLUMNS = "version int NOT NULL, name text, large text";
  private static final int LARGE = 5_000;

  private final Source source;
  private final Random random;
  private long next = 1;

  Tables(Source source, Random random) {
    this.source = source;
    this.random = random;
  }

  void create() throws SQLException {
    for (String table : ALL) {
      switch (table) {
        case PARTITIONED -> {
          source.execute(
              "CREATE TABLE parted (id bigint, "
                  + COLUMNS
                  + ", PRIMARY KEY (id)) PARTITION BY RANGE (id)");
          for (int i = 0; i < 3; i++) {
            createPartition(i);
          }
        }
        case KEYLESS ->
            source.execute(
                "CREATE TABLE keyless (id bigint NOT NULL, " + COLUMNS + ")",
                "ALTER TABLE keyless REPLICA IDENTITY FULL");
        case OUT_OF_LINE ->
            source.execute(
                "CREATE TABLE outline (id text PRIMARY KEY, " + COLUMNS + ")",
                "ALTER TABLE outline ALTER id SET STORAGE EXTERNAL");
        default ->
            source.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, " + COLUMNS + ")");
      }
      source.execute("ALTER TABLE " + table + " ALTER large SET STORAGE EXTERNAL");
      for (int i = 0; i < 20; i++) {
        insert(table);
      }
    }
  }

  void createPartition(int number) throws SQLException {
    source.execute(
        "CREATE TABLE parted_%d PARTITION OF parted FOR VALUES FROM (%d) TO (%d)"
            .formatted(number, number * PARTITION, (number + 1) * PARTITION),
        "ALTER TABLE parted_%d ALTER large SET STORAGE EXTERNAL".formatted(number));
  }

  /// The numbers of the partitions that are attached.
  List<Integer> partitions() throws SQLException {
    return source
        .list(
            "SELECT substr(inhrelid::regclass::text, 8) FROM pg_inherits WHERE inhparent = 'parted'::regclass ORDER BY length(inhrelid::regclass::text), 1")
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  /// Tables beside, which have been partitions or may become one.
  List<Integer> detached() throws SQLException {
    return source
        .list(
            "SELECT substr(relname, 8) FROM pg_class WHERE relname ~ '^parted_[0-9]+$' AND relkind = 'r' AND NOT relispartition ORDER BY length(relname), 1")
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  List<String> children() throws SQLException {
    return source.list(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'parent'::regclass ORDER BY inhrelid");
  }

  /// Columns beyond those that all tables have, in their order.
  List<String> extras(String table) throws SQLException {
    return source.list(
        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND attname ~ '^c[0-9]+$' ORDER BY attnum"
            .formatted(table));
  }

  /// Changes rows of some tables, in a transaction for each.
  void change(int transactions) throws SQLException {
    for (int i = 0; i < transactions; i++) {
      String table = ALL.get(random.nextInt(ALL.size()));
      for (int n = random.nextInt(8); n >= 0; n--) {
        change(table);
      }
    }
  }

  void change(String table) throws SQLException {
    int kind = random.nextInt(100);
    String some = some(table);
    if (kind < 40) {
      insert(table);
    } else if (kind < 70) {
      // The large value is left alone, and so is an out-of-line key.
      source.execute("UPDATE %s SET version = version + 1 WHERE id = %s".formatted(table, some));
    } else if (kind < 76) {
      source.execute(
          "UPDATE %s SET large = repeat('%d', %d), name = NULL WHERE id = %s"
              .formatted(table, random.nextInt(10), LARGE, some));
    } else if (kind < 82) {
      List<String> extras = extras(table);
      if (!extras.isEmpty()) {
        source.execute(
            "UPDATE %s SET %s = '%d' WHERE id = %s"
                .formatted(
                    table, extras.get(random.nextInt(extras.size())), random.nextInt(1_000), some));
      }
    } else if (kind < 88) {
      changeKey(table, some);
    } else {
      source.execute("DELETE FROM %s WHERE id = %s".formatted(table, some));
    }
  }

  private void changeKey(String table, String some) throws SQLException {
    if (table.equals(PARTITIONED)) {
      source.execute(
          "UPDATE parted SET id = %s WHERE id = %s AND NOT EXISTS (SELECT FROM parted WHERE id = %1$s)"
              .formatted(partitionedId(), some));
    } else {
      source.execute("UPDATE %s SET id = %s WHERE id = %s".formatted(table, freshId(table), some));
    }
  }

  void insert(String table) throws SQLException {
    if (table.equals(PARTITIONED)) {
      insertInto("parted", partitionedId());
    } else if (table.equals(PARENT)) {
      List<String> children = children();
      int member = random.nextInt(children.size() + 1);
      insertInto(member == 0 ? "parent" : children.get(member - 1), freshId(table));
    } else {
      insertInto(table, freshId(table));
    }
  }

  void insertInto(String table, String id) throws SQLException {
    source.execute(
        "INSERT INTO %s (id, version, name, large) SELECT %s, 1, 'name %d', repeat('%s', %d) WHERE NOT EXISTS (SELECT FROM %1$s WHERE id = %2$s)"
            .formatted(
                table, id, random.nextInt(1_000_000), "y", random.nextInt(4) == 0 ? LARGE : 10));
  }

  String freshId(String table) {
    long id = next++;
    // Not compressed, so that it is stored apart.
    return table.equals(OUT_OF_LINE) && random.nextInt(3) > 0
        ? "(SELECT string_agg(md5(%d || '-' || g), '') FROM generate_series(1, 78) g)".formatted(id)
        : table.equals(OUT_OF_LINE) ? "'short " + id + "'" : Long.toString(id);
  }

  private String partitionedId() throws SQLException {
    List<Integer> partitions = partitions();
    return idIn(partitions.get(random.nextInt(partitions.size())));
  }

  String idIn(int partition) {
    return Integer.toString(partition * PARTITION + random.nextInt(PARTITION));
  }

  private String some(String table) {
    return "(SELECT id FROM %1$s ORDER BY id OFFSET (SELECT floor(count(*) * %2$s)::int FROM %1$s) LIMIT 1)"
        .formatted(table, Double.toString(random.nextInt(1_000) / 1_000.0));
  }
}
