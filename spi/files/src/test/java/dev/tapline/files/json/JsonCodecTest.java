package dev.tapline.files.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonCodecTest {
  @Test
  void numbersKeepTheirDigits() {
    assertThat(JsonCodec.read("{\"a\":1.50,\"b\":true,\"c\":[12345678901234567890,null,{}]}"))
        .containsEntry("a", "1.50")
        .containsEntry("b", "true")
        .containsEntry("c", Arrays.asList("12345678901234567890", null, Map.of()));
  }

  @Test
  void propertiesOfAnotherKindAreRefused() {
    Map<String, Object> object = Map.of("a", "x", "b", List.of("y"), "c", Map.of("d", "3"));

    assertThat(JsonCodec.text(object, "a")).isEqualTo("x");
    assertThat(JsonCodec.texts(object, "b")).containsExactly("y");
    assertThat(JsonCodec.number(JsonCodec.object(object, "c"), "d", -1)).isEqualTo(3);
    assertThat(JsonCodec.number(object, "z", -1)).isEqualTo(-1);
    assertThat(JsonCodec.object(object, "z")).isEmpty();
    assertThat(JsonCodec.texts(object, "z")).isEmpty();
    String problem = "it is not of the form that this sink writes";
    assertThatThrownBy(() -> JsonCodec.text(object, "b")).hasMessage(problem);
    assertThatThrownBy(() -> JsonCodec.texts(object, "a")).hasMessage(problem);
    assertThatThrownBy(() -> JsonCodec.number(object, "a", 0)).hasMessage(problem);
    assertThatThrownBy(() -> JsonCodec.object(object, "a")).hasMessage(problem);
    assertThatThrownBy(() -> JsonCodec.text(object, "z")).hasMessage("'z' is missing");
  }

  @Test
  void textBehindTheObjectIsRefused() {
    assertThatThrownBy(() -> JsonCodec.read("{} {}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonCodec.read("{}x"))
        .hasMessageStartingWith("it is not JSON at line 1, column ");
    assertThat(JsonCodec.read("{}\n")).isEmpty();
  }
}
