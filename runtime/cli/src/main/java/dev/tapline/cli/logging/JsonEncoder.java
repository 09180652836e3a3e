package dev.tapline.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.io.StringWriter;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON object a line.
final class JsonEncoder implements LineEncoder {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public String encode(ILoggingEvent event) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeStringProperty("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
      json.writeStringProperty("level", event.getLevel().toString());
      json.writeStringProperty("logger", LineEncoder.shortName(event.getLoggerName()));
      json.writeStringProperty("thread", event.getThreadName());
      String stream = event.getMDCPropertyMap().get(STREAM);
      if (stream != null) {
        json.writeStringProperty("stream", stream);
      }
      // Masked before they are escaped: afterwards a secret with a quote would look different.
      json.writeStringProperty("message", Secrets.mask(LineEncoder.message(event)));
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        json.writeStringProperty("exception", Secrets.mask(ThrowableProxyUtil.asString(thrown)));
      }
      json.writeEndObject();
    }
    return line.append('\n').toString();
  }
}
