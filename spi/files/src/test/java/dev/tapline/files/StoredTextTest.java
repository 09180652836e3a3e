package dev.tapline.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Markers and commits as releases before this one have written them, to the letter.
class StoredTextTest {
  private static final FileForm GZIP =
      new FileForm(false, "gzip", ".jsonl.gz", "compression: gzip");
  private static final FileForm ONE_FILE = new FileForm(true, "none", ".jsonl", "layout: file");
  private static final List<FileForm> FORMS = List.of(GZIP, ONE_FILE);

  private static final String MARKER =
      """
      {
        "pipeline" : "shop",
        "checkpoint" : 12,
        "destinations" : {
          "a \\"quoted\\" näme/\\n" : {
            "generation" : 0,
            "length" : 4294967296,
            "forms" : [ "file/none" ]
          },
          "nothing" : {
            "generation" : 0,
            "length" : 0,
            "forms" : [ ]
          },
          "orders" : {
            "generation" : 3,
            "length" : 0,
            "forms" : [ "file/none", "folder/gzip" ]
          }
        }
      }
      """;

  private static final String COMMIT =
      "{\"destination\":\"a \\\"quoted\\\" näme/\\n\",\"generation\":7,\"mode\":\"REPLACE\","
          + "\"from\":\".tapline/work/shop/orders/7/x.jsonl.tmp\",\"to\":\"x.jsonl\"}";

  @Test
  void markerIsReadAndWrittenAsBefore() throws Exception {
    Marker marker = read(MARKER);

    assertThat(marker.checkpoint()).isEqualTo(12);
    assertThat(marker.destinations())
        .containsOnlyKeys("a \"quoted\" näme/\n", "nothing", "orders")
        .containsEntry("a \"quoted\" näme/\n", new Marker.Destination(0, 4_294_967_296L, ONE_FILE))
        .containsEntry("nothing", Marker.Destination.NONE);
    assertThat(marker.destination("orders").forms()).containsExactly(ONE_FILE, GZIP);
    assertThat(marker.text("shop")).isEqualTo(MARKER);
    assertThat(new Marker(1, new TreeMap<>()).text("shop"))
        .isEqualTo(
            "{\n  \"pipeline\" : \"shop\",\n  \"checkpoint\" : 1,\n  \"destinations\" : { }\n}\n");
  }

  @Test
  void markerFromBeforeFormsWereRecordedIsRead() throws Exception {
    Marker marker =
        read(
            "{\"pipeline\":\"shop\",\"checkpoint\":2,\"later\":{\"x\":[1]},"
                + "\"destinations\":{\"orders\":{\"generation\":1,\"length\":0,\"later\":[{}]}}}");

    assertThat(marker.destinations())
        .containsOnlyKeys("orders")
        .containsValue(new Marker.Destination(1, 0, new java.util.TreeSet<>()));
  }

  @Test
  void damagedMarkerSaysWhatIsWrong() {
    assertThatThrownBy(() -> read("{\"pipeline\":\"shop\",\"checkp"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be understood: it ends too early;");
    assertThatThrownBy(() -> read(""))
        .hasMessageContaining("cannot be understood: it ends too early;");
    assertThatThrownBy(() -> read("{\"pipeline\":\"shop\",\n oops"))
        .hasMessageContaining("cannot be understood: it is not JSON at line 2, column ");
    assertThatThrownBy(() -> read("[]"))
        .hasMessageContaining("it is not of the form that this sink writes;");
    assertThatThrownBy(() -> read("{\"pipeline\":\"shop\"}"))
        .hasMessageContaining("it names no checkpoint;");
    assertThatThrownBy(() -> read("{\"pipeline\":\"other\",\"checkpoint\":1}"))
        .hasMessageContaining("it belongs to pipeline 'other';");
    assertThatThrownBy(() -> read("{\"pipeline\":\"shop\",\"checkpoint\":1,\"destinations\":[1]}"))
        .hasMessageContaining("it is not of the form that this sink writes;");
    assertThatThrownBy(() ->
            read(
                "{\"pipeline\":\"shop\",\"checkpoint\":1,\"destinations\":{\"orders\":{\"forms\":[\"file/lz4\"]}}}"))
        .hasMessageContaining("it names the form 'file/lz4', which this sink lacks;");
  }

  @Test
  void commitIsReadAndWrittenAsBefore() throws Exception {
    PreparedFile file = PreparedFile.of(new Commit(1, COMMIT));

    assertThat(file)
        .isEqualTo(
            new PreparedFile(
                "a \"quoted\" näme/\n",
                7,
                WriteMode.REPLACE,
                ".tapline/work/shop/orders/7/x.jsonl.tmp",
                "x.jsonl"));
    assertThat(file.toCommit()).isEqualTo(new Commit(1, COMMIT));
  }

  @Test
  void commitOfAnotherSinkIsRefused() {
    assertThatThrownBy(() -> PreparedFile.of(new Commit(1, "{\"destination\":\"orders\"}")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the commit {\"destination\":\"orders\"} is not one of this sink: 'generation' is missing");
    assertThatThrownBy(() -> PreparedFile.of(new Commit(1, "oops")))
        .hasMessageStartingWith("the commit oops is not one of this sink: ");
    assertThatThrownBy(() -> PreparedFile.of(new Commit(2, COMMIT)))
        .hasMessageStartingWith("a commit of version 2 comes from a later release of this sink");
  }

  private static Marker read(String text) throws IOException {
    return Marker.read(text, "shop", FORMS, "/data/.tapline/shop.json", "/data");
  }
}
