package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Sends the log of JSch to the debug level; this package reports what matters.
final class JschLogger implements Logger {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("jsch");

  @Override
  public boolean isEnabled(int level) {
    return LOG.isDebugEnabled();
  }

  @Override
  public void log(int level, String message) {
    LOG.debug(message);
  }

  @Override
  public void log(int level, String message, @Nullable Throwable cause) {
    LOG.debug(message, cause);
  }
}
