package dev.tapline.soak;

import java.util.Locale;

/// What a step of the soak does. Each can be left out, or be the only one.
enum Kind {
  CHANGES("rows of all tables are changed"),
  ADD_COLUMN("a column is added, with or without a default"),
  DROP_COLUMN("a column is dropped"),
  RENAME_COLUMN("a column is renamed"),
  ALTER_TYPE("the type of a column is changed"),
  TRUNCATE("a table is emptied"),
  TRUNCATE_PARTITION("one partition is emptied"),
  CREATE_PARTITION("a partition is made"),
  ATTACH("a table with rows becomes a partition"),
  DETACH("a partition becomes a table of its own"),
  DROP_PARTITION("a partition is dropped"),
  CHILD("an inheritance child is made or dropped"),
  RENAME_SWAP("a table takes the name of another"),
  SET_SCHEMA("a table is moved to another schema, changed there, and moved back"),
  IDENTITY("a replica identity is changed"),
  PUBLISH_LIST("the publication's operations are changed"),
  PUBLISH_COLUMNS("the publication's column list is changed"),
  PUBLISH_FILTER("the publication's row filter is changed"),
  PUBLISH_TABLE("a table is taken out of the publication, or put in again"),
  CLOCK("the clock of the runtime's machine is set"),
  PASSWORD("the password is renewed"),
  KILL("a run is killed"),
  CUT("connections are cut"),
  CRASH("the server is stopped at once"),
  ASYNC_CRASH("the server is stopped at once after commits that were not flushed"),
  RESTORE("the server's folder is put back from an earlier copy"),
  POOLER("tables are read through a pooler of transactions beside an application");

  final String what;

  Kind(String what) {
    this.what = what;
  }

  /// As `--only` and `--without` have it.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Kind of(String label) {
    return valueOf(label.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  boolean ofPublication() {
    return name().startsWith("PUBLISH");
  }
}
