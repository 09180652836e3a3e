package dev.tapline.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:geheim@db/shop",
        "postgresql://db/shop?password=geheim",
        "postgresql://db/shop?sslmode=require&sslpassword=geheim&x=1",
        "host=db dbname=shop password=geheim user=u",
        "host=db password = 'geheim' user=u",
        "jdbc:mariadb://db:3306/shop?user=u&password=geheim",
        "jdbc:mysql://u:geheim@db/shop",
        "jdbc:mysql://(host=db,password=geheim)/shop",
        "jdbc:mysql://address=(host=db)(password=geheim)/shop",
        "jdbc:sqlserver://db:1433;databaseName=shop;user=u;password={geheim};encrypt=true",
        "jdbc:sqlserver://db;trustStorePassword=geheim",
        "jdbc:oracle:thin:user/geheim@db:1521/shop",
        "jdbc:oracle:thin:user/geheim@//db:1521/shop",
        "jdbc:oracle:thin:user/geheim@(DESCRIPTION=(ADDRESS=(HOST=db)(PORT=1521)))",
        "jdbc:oracle:thin:user:geheim@db",
        "jdbc:h2:file:/tmp/x;USER=u;PASSWORD=geheim",
        "jdbc:h2:tcp://db/x;PASSWORD=geheim",
        "jdbc:snowflake://db/?user=u&pwd=geheim",
        "jdbc:databricks://db:443;AuthMech=3;PWD=geheim",
        "jdbc:redshift://db/x?token=geheim",
        "jdbc:foo:u:geheim@db",
        "s3://key:geheim@bucket/folder",
        "jdbc:bigquery://https://x;OAuthPvtKey=1;OAuthClientSecret=geheim",
      })
  void noFormShowsItsSecret(String url) {
    assertThat(SecretText.secrets(url)).contains("geheim");
    assertThat(SecretText.shown(url)).doesNotContain("geheim");
    assertThat(SecretText.without(url))
        .satisfiesAnyOf(
            left -> assertThat(left).doesNotContain("geheim"),
            left -> assertThat(url).startsWith("jdbc:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app:ge;he&im@db/shop",
        "postgresql://app:ge@he@im@db/shop",
        "postgresql://db/shop?user=a&password=ge;heim",
        "host=db user=app password=ge&he!im dbname=d",
        "host=db user=app password=ge;heim dbname=d",
        "host=db user=app password=ge\\ heim dbname=d",
        "jdbc:mysql://u:ge?heim@db/shop",
        "jdbc:postgresql://u:ge?heim@db/shop",
        "jdbc:postgresql://db/shop?user=a&password=ge;heim",
        "jdbc:sqlserver://db;user=a;password={ge}}heim};encrypt=true",
        "jdbc:h2:file:/tmp/x;USER=u;PASSWORD=ge heim",
      })
  void noPartOfASecretIsShown(String url) {
    assertThat(SecretText.shown(url)).doesNotContain("ge").doesNotContain("im");
    if (!url.startsWith("jdbc:")) {
      assertThat(SecretText.without(url)).doesNotContain("ge").doesNotContain("im");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://tapline@db.example.com:5433/shop?sslmode=require",
        "jdbc:mariadb://db:3306/shop?useSsl=true&passwordCharacterEncoding=utf8",
        "jdbc:sqlite:/data/user@home/x.db",
        "jdbc:duckdb:/data/x.db",
        "host=db dbname=shop user=tapline",
        "s3://bucket/folder",
      })
  void whatHasNoSecretIsShownWhole(String url) {
    assertThat(SecretText.secrets(url)).isEmpty();
    assertThat(SecretText.shown(url)).isEqualTo(url);
    assertThat(SecretText.without(url)).isEqualTo(url);
  }

  @Test
  void ofWhatIsNotUnderstoodSchemeAndHostAreLeft() {
    assertThat(SecretText.shown("jdbc:oracle:thin:user/geheim@db:1521/shop"))
        .isEqualTo("jdbc:oracle:thin:***@db");
    assertThat(SecretText.shown("jdbc:foo:anything at all")).isEqualTo("jdbc:foo:***");
    assertThat(SecretText.shown("postgresql://u:p/w@db/shop")).isEqualTo("postgresql:***@db");
  }

  @Test
  void decodedFormsAreSecretsToo() {
    assertThat(SecretText.secrets("postgresql://u:a%20b@db/x?sslpassword=c%2Bd"))
        .contains("a%20b", "a b", "c%2Bd", "c+d");
    assertThat(SecretText.secrets("host=db password='it\\'s it'")).contains("it's it");
  }

  @Test
  void whatIsLeftOfAUrlCanBeUsed() {
    assertThat(SecretText.without("postgresql://u:p@db/shop?password=x&sslmode=require"))
        .isEqualTo("postgresql://u@db/shop?sslmode=require");
    assertThat(SecretText.without("postgresql://u@db/shop?sslmode=require&password=x"))
        .isEqualTo("postgresql://u@db/shop?sslmode=require");
    assertThat(SecretText.without("postgresql://u@db/shop?password=x"))
        .isEqualTo("postgresql://u@db/shop");
    assertThat(SecretText.without("postgresql://u@db/shop?a=1&sslpassword=x&b=2"))
        .isEqualTo("postgresql://u@db/shop?a=1&b=2");
    assertThat(SecretText.without("host=db password='a b' user=u")).isEqualTo("host=db user=u");
    assertThat(SecretText.names("host=db password='a b' sslpassword=x"))
        .containsExactly("password", "sslpassword");
  }
}
