package dev.tapline.soak;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/// Steps that change what tables are.
final class Definitions {
  private static final int MOST_EXTRAS = 4;
  private static final int FEWEST_PARTITIONS = 2;

  private final Source source;
  private final Tables tables;
  private final Random random;
  private int nextColumn = 1;
  private int nextChild = 1;
  private int nextPartition = 10;

  Definitions(Source source, Tables tables, Random random) {
    this.source = source;
    this.tables = tables;
    this.random = random;
  }

  /// @return what was done, for the list of steps; nothing when there was nothing to do it to
  String step(Kind kind) throws SQLException {
    return switch (kind) {
      case ADD_COLUMN -> addColumn();
      case DROP_COLUMN -> toExtra("DROP COLUMN %s");
      case RENAME_COLUMN -> toExtra("RENAME COLUMN %s TO c" + nextColumn++);
      case ALTER_TYPE ->
          toExtra("ALTER COLUMN %s TYPE " + (random.nextBoolean() ? "text" : "varchar(90)"));
      case TRUNCATE -> run("TRUNCATE " + (random.nextBoolean() ? any() : any() + ", " + "keyed1"));
      case TRUNCATE_PARTITION -> run("TRUNCATE parted_" + partition());
      case CREATE_PARTITION -> {
        int number = nextPartition();
        tables.createPartition(number);
        tables.insertInto("parted", tables.idIn(number));
        yield "CREATE TABLE parted_%d PARTITION OF parted".formatted(number);
      }
      case ATTACH -> attach();
      case DETACH ->
          tables.partitions().size() <= FEWEST_PARTITIONS
              ? ""
              : run("ALTER TABLE parted DETACH PARTITION parted_" + partition());
      case DROP_PARTITION ->
          tables.partitions().size() <= FEWEST_PARTITIONS
              ? ""
              : run("DROP TABLE parted_" + partition());
      case CHILD -> child();
      case RENAME_SWAP -> renameSwap();
      case SET_SCHEMA -> {
        String moved = run("ALTER TABLE moved SET SCHEMA elsewhere");
        tables.insertInto("elsewhere.moved", tables.freshId("moved"));
        source.execute("UPDATE elsewhere.moved SET version = version + 1");
        yield moved + "; changes; " + run("ALTER TABLE elsewhere.moved SET SCHEMA public");
      }
      case IDENTITY -> identity();
      default -> throw new IllegalArgumentException(kind + " defines nothing");
    };
  }

  private String addColumn() throws SQLException {
    String table = any();
    if (tables.extras(table).size() >= MOST_EXTRAS) {
      return "";
    }
    return run(
        "ALTER TABLE %s ADD COLUMN c%d %s%s"
            .formatted(
                table,
                nextColumn++,
                random.nextBoolean() ? "int" : "bigint",
                random.nextInt(3) == 0 ? " DEFAULT 7" : ""));
  }

  private String toExtra(String action) throws SQLException {
    String table = any();
    List<String> extras = tables.extras(table);
    return extras.isEmpty()
        ? ""
        : run(
            "ALTER TABLE "
                + table
                + " "
                + action.formatted(extras.get(random.nextInt(extras.size()))));
  }

  private String attach() throws SQLException {
    List<Integer> beside = tables.detached();
    int number;
    String first;
    if (beside.isEmpty() || random.nextBoolean()) {
      number = nextPartition();
      first = run("CREATE TABLE parted_%d (LIKE parted INCLUDING ALL)".formatted(number)) + "; ";
    } else {
      number = beside.get(random.nextInt(beside.size()));
      first = "";
      for (String column : tables.extras("parted")) {
        source.execute(
            "ALTER TABLE parted_%d ADD COLUMN IF NOT EXISTS %s %s"
                .formatted(number, column, type("parted", column)));
      }
      for (String column : tables.extras("parted_" + number)) {
        if (!tables.extras("parted").contains(column)) {
          source.execute("ALTER TABLE parted_%d DROP COLUMN %s".formatted(number, column));
        } else {
          source.execute(
              "ALTER TABLE parted_%d ALTER COLUMN %s TYPE %s USING %2$s::text::%3$s"
                  .formatted(number, column, type("parted", column)));
        }
      }
    }
    for (int i = random.nextInt(5); i >= 0; i--) {
      tables.insertInto("parted_" + number, tables.idIn(number));
    }
    return first
        + run(
            "ALTER TABLE parted ATTACH PARTITION parted_%d FOR VALUES FROM (%d) TO (%d)"
                .formatted(number, number * Tables.PARTITION, (number + 1) * Tables.PARTITION));
  }

  private String type(String table, String column) throws SQLException {
    return source.value(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attname = '%s'"
            .formatted(table, column));
  }

  private String child() throws SQLException {
    List<String> children = tables.children();
    if (!children.isEmpty() && random.nextInt(3) == 0) {
      return run("DROP TABLE " + children.get(random.nextInt(children.size())));
    }
    String name = "child_" + nextChild++;
    String made = run("CREATE TABLE %s (PRIMARY KEY (id)) INHERITS (parent)".formatted(name));
    tables.insertInto(name, tables.freshId("parent"));
    return made;
  }

  // As a rebuilt table takes its old one's place, or the old one comes back.
  private String renameSwap() throws SQLException {
    if (!source.list("SELECT 1 FROM pg_class WHERE relname = 'swapped_old'").isEmpty()
        && random.nextBoolean()) {
      source.execute(
          "ALTER TABLE swapped RENAME TO swapped_new",
          "ALTER TABLE swapped_old RENAME TO swapped",
          "ALTER TABLE swapped_new RENAME TO swapped_old");
      return "swapped_old and swapped change their names";
    }
    source.execute(
        "DROP TABLE IF EXISTS swapped_old",
        "CREATE TABLE swapped_new (LIKE swapped INCLUDING ALL)",
        "INSERT INTO swapped_new SELECT * FROM swapped WHERE id % 3 > 0",
        "ALTER TABLE swapped RENAME TO swapped_old",
        "ALTER TABLE swapped_new RENAME TO swapped");
    return "swapped becomes swapped_old, and a new table becomes swapped";
  }

  private String identity() throws SQLException {
    String identity = List.of("NOTHING", "FULL", "DEFAULT").get(random.nextInt(3));
    String done = run("ALTER TABLE identified REPLICA IDENTITY " + identity);
    tables.insert("identified");
    return done;
  }

  private int partition() throws SQLException {
    List<Integer> partitions = tables.partitions();
    return partitions.get(random.nextInt(partitions.size()));
  }

  // Numbers of before a restore may come again.
  private int nextPartition() throws SQLException {
    while (!source
        .list("SELECT 1 FROM pg_class WHERE relname = 'parted_" + nextPartition + "'")
        .isEmpty()) {
      nextPartition++;
    }
    return nextPartition++;
  }

  private String any() {
    return Tables.ALL.get(random.nextInt(Tables.ALL.size()));
  }

  private String run(String sql) throws SQLException {
    source.execute(sql);
    return sql;
  }
}
