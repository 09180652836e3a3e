package dev.tapline.engine.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.Pipeline.StreamEntry;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SelectorTest {
  private static final StreamName SECRET = new StreamName("shop", "public", "secret");
  private final List<Relation> relations = new ArrayList<>();
  private final List<Finding> found = new ArrayList<>();

  private SelectorTest relation(String database, String name, RelationKind kind) {
    String[] parts = name.split("\\.");
    Schema schema =
        new Schema(
            List.of(
                Field.of("id", DataType.Scalar.INT64, "bigint"),
                Field.of("name", DataType.Scalar.TEXT, "text"),
                Field.of("card_number", DataType.Scalar.TEXT, "text")),
            kind == RelationKind.TABLE ? List.of("id") : List.of());
    relations.add(
        new Relation(
            new StreamName(database, parts[0], parts[1]),
            kind,
            schema,
            List.of("secret"),
            5,
            8,
            ""));
    return this;
  }

  private SelectorTest table(String name) {
    return relation("shop", name, RelationKind.TABLE);
  }

  private SelectionResult select(StreamEntry... entries) {
    return select(new Catalog(relations, found), entries);
  }

  private static SelectionResult select(Catalog catalog, StreamEntry... entries) {
    return Selector.select(
        catalog,
        new Pipeline(
            "p",
            new Pipeline.Plugin("x", Config.of(ConfigSpec.of(), Map.of())),
            new Pipeline.Plugin("x", Config.of(ConfigSpec.of(), Map.of())),
            "FULL_TABLE",
            List.of(entries),
            new Pipeline.Engine(1, Duration.ZERO, OptionalLong.of(1), 1, Duration.ZERO)));
  }

  private static StreamEntry table(String pattern, String method, List<String> exclude) {
    return new StreamEntry(
        pattern,
        false,
        exclude,
        method,
        List.of(),
        "",
        List.of(),
        List.of(),
        List.of(),
        "",
        "p.yaml:9:5");
  }

  private static StreamEntry columns(String pattern, List<String> include, List<String> exclude) {
    return new StreamEntry(
        pattern,
        false,
        List.of(),
        "",
        List.of(),
        "",
        List.of(),
        include,
        exclude,
        "",
        "p.yaml:9:5");
  }

  private static StreamEntry view(String pattern, List<String> key) {
    return new StreamEntry(
        pattern, true, List.of(), "", List.of(), "", key, List.of(), List.of(), "", "p.yaml:9:5");
  }

  @Test
  void theMostSpecificEntryDecides() {
    table("public.orders").table("public.items");

    SelectionResult selection =
        select(table("public.orders", "INCREMENTAL", List.of()), table("public.*", "", List.of()));

    assertThat(selection.streams())
        .extracting(Stream::method)
        .containsExactly("FULL_TABLE", "INCREMENTAL");
    assertThat(selection.findings()).isEmpty();
  }

  @Test
  void anExcludedTableIsLeftOut() {
    table("public.orders").table("public.tmp_1");

    assertThat(select(table("public.*", "", List.of("public.tmp_*"))).streams())
        .extracting(stream -> stream.name().name())
        .containsExactly("orders");
  }

  @Test
  void destinationsNameTheDatabaseOnlyWhenThereAreSeveral() {
    table("public.orders");
    assertThat(select(table("*.*", "", List.of())).streams().getFirst().destination())
        .isEqualTo("public__orders");

    relation("crm", "public.orders", RelationKind.TABLE);
    assertThat(select(table("*.*", "", List.of())).streams())
        .extracting(Stream::destination)
        .containsExactly("crm__public__orders", "shop__public__orders");
  }

  @Test
  void destinationsNameTheDatabaseWhereAnotherMayJoinLater() {
    table("public.orders");
    assertThat(select(new Catalog(relations, found, true), table("*.*", "", List.of())).streams())
        .extracting(Stream::destination)
        .containsExactly("shop__public__orders");
  }

  @Test
  void namesThatDifferOnlyInWhereTheSchemaEndsAreToldApart() {
    table("a_b.c").table("a.b_c");

    SelectionResult apart = select(table("*.*", "", List.of()));

    assertThat(apart.errors()).isEmpty();
    assertThat(apart.streams()).extracting(Stream::destination).containsExactly("a__b_c", "a_b__c");
    table("a__b.c").table("a.b__c");
    assertThat(select(table("*.*", "", List.of())).errors())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo(Selector.SHARED_DESTINATION);
          assertThat(finding.message())
              .isEqualTo("a.b__c and a__b.c would all be written to 'a__b__c'");
        });
  }

  @Test
  void keyColumnsStayWhateverIsExcluded() {
    table("public.orders");

    SelectionResult selection =
        select(columns("public.orders", List.of(), List.of("id", "card_*")));

    assertThat(selection.streams().getFirst().schema().fields())
        .extracting(Field::name)
        .containsExactly("id", "name");
  }

  @Test
  void onlyIncludedColumnsAreTaken() {
    table("public.orders");

    assertThat(
            select(columns("public.orders", List.of("name"), List.of()))
                .streams()
                .getFirst()
                .schema()
                .fields())
        .extracting(Field::name)
        .containsExactly("id", "name");
  }

  @Test
  void aColumnThatIsNotThereIsAnError() {
    table("public.orders");

    SelectionResult selection =
        select(columns("public.orders", List.of(), List.of("nmae", "secret")));

    assertThat(selection.streams()).isEmpty();
    assertThat(selection.errors())
        .extracting(Finding::message)
        .containsExactly(
            "columns.exclude: there is no column 'nmae'; did you mean 'name'?",
            "columns.exclude: the user may not read column 'secret'");
  }

  @Test
  void aStreamWithoutAnyColumnIsAnError() {
    relation("shop", "public.daily", RelationKind.FOREIGN_TABLE);

    SelectionResult selection = select(columns("public.daily", List.of("id"), List.of("*")));

    assertThat(selection.streams()).isEmpty();
    assertThat(selection.errors().getFirst().message()).isEqualTo("no column of it is selected");
  }

  @Test
  void aViewIsSelectedOnlyAsAView() {
    relation("shop", "public.daily", RelationKind.VIEW).table("public.orders");

    assertThat(select(table("public.*", "", List.of())).streams()).hasSize(1);
    assertThat(select(view("public.daily", List.of("id"))).streams().getFirst().schema().key())
        .containsExactly("id");
    assertThat(select(table("public.daily", "", List.of())).errors().getFirst().message())
        .contains("there is no table 'public.daily'", "it is a view: name it under 'view:'");
  }

  @Test
  void theReasonWhyATableCannotBeReadComesFromTheSource() {
    found.add(Finding.warning(SECRET, "no privilege to read it", "GRANT SELECT ..."));

    assertThat(select(table("public.secret", "", List.of())).errors())
        .containsExactly(Finding.error(SECRET, "no privilege to read it", "GRANT SELECT ..."));
  }

  @Test
  void aSchemaThatCannotBeLookedIntoIsWhyAPatternSelectsNothing() {
    found.add(
        new Finding(
            Finding.Severity.WARNING,
            new Finding.OfSchema("shop", "closed"),
            "may not look into it",
            "GRANT USAGE"));
    found.add(
        new Finding(
            Finding.Severity.WARNING, new Finding.OfDatabase("closed"), "it is left out", ""));
    table("public.orders");

    assertThat(select(table("closed.*", "", List.of())).errors())
        .containsExactly(Finding.error("closed.*", "may not look into it", "GRANT USAGE"));
    assertThat(select(table("other.*", "", List.of())).errors().getFirst().message())
        .contains("selects no table");
    assertThat(select(table("crm.closed.*", "", List.of())).errors().getFirst().message())
        .as("the schema of another database")
        .contains("selects no table");
  }

  @Test
  void aDatabaseThatCannotBeLookedIntoIsWhyAPatternSelectsNothing() {
    found.add(
        new Finding(
            Finding.Severity.WARNING, new Finding.OfDatabase("crm"), "it is left out", "name it"));

    assertThat(select(table("public.*", "", List.of())).errors())
        .as("nothing at all was found")
        .containsExactly(Finding.error("public.*", "it is left out", "name it"));
    table("public.orders");
    assertThat(select(table("crm.*.*", "", List.of())).errors())
        .containsExactly(Finding.error("crm.*.*", "it is left out", "name it"));
    assertThat(select(table("crm.*", "", List.of())).errors().getFirst().message())
        .as("a schema that is called like it")
        .contains("selects no table");
  }

  @Test
  void aTableThatAPatternMeansAndTheUserMayNotReadIsAWarning() {
    table("public.orders");
    found.add(Finding.warning(SECRET, "no privilege to read it", "GRANT SELECT ..."));
    found.add(
        Finding.warning(
            new StreamName("shop", "crm", "secret"),
            "no privilege to read it",
            "GRANT SELECT ..."));

    SelectionResult selection = select(table("public.*", "", List.of()));

    assertThat(selection.errors()).isEmpty();
    assertThat(selection.findings())
        .containsExactly(
            Finding.warning(SECRET, "left out: no privilege to read it", "GRANT SELECT ..."));
  }

  @Test
  void columnsOfTheReplicationKeyAreAlwaysSelected() {
    table("public.orders");

    SelectionResult selection =
        select(
            new StreamEntry(
                "public.orders",
                false,
                List.of(),
                "INCREMENTAL",
                List.of("card_number"),
                "10m",
                List.of(),
                List.of(),
                List.of("card_number"),
                "",
                "p.yaml:9:5"));

    Stream stream = selection.streams().getFirst();
    assertThat(stream.schema().indexOf("card_number")).isNotNegative();
    assertThat(stream.replicationKey()).containsExactly("card_number");
    assertThat(stream.lookback()).isEqualTo("10m");
  }

  @Test
  void reportsAReplicationKeyThatIsNoColumn() {
    table("public.orders");

    SelectionResult selection =
        select(
            new StreamEntry(
                "public.orders",
                false,
                List.of(),
                "INCREMENTAL",
                List.of("namee"),
                "",
                List.of(),
                List.of(),
                List.of(),
                "",
                "p.yaml:9:5"));

    assertThat(selection.streams()).isEmpty();
    assertThat(selection.errors().getFirst().message())
        .contains("replication-key: there is no column 'namee'; did you mean 'name'?");
  }
}
