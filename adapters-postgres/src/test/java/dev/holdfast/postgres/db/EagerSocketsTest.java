package dev.holdfast.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class EagerSocketsTest {

  private static final int MANY = 2_000;

  @Test
  void a_read_that_may_wait_a_millisecond_does_not_wait() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    EagerSockets sockets = new EagerSockets();
    try (ServerSocket server = new ServerSocket(0, 5, here);
        Socket client = sockets.createSocket(here, server.getLocalPort());
        Socket peer = server.accept()) {
      client.setSoTimeout(1);
      InputStream in = client.getInputStream();

      // Two seconds at least, if each waited as long as it may.
      long begin = System.nanoTime();
      for (int i = 0; i < MANY; i++) {
        assertThatThrownBy(() -> in.read(new byte[8], 0, 8))
            .isInstanceOf(SocketTimeoutException.class);
      }
      assertThat(System.nanoTime() - begin).isLessThan(MANY * 1_000_000L);

      peer.getOutputStream().write(new byte[] {7, 8});
      client.setSoTimeout(5_000);
      byte[] heard = new byte[8];
      assertThat(in.read(heard, 0, 1)).isEqualTo(1);
      client.setSoTimeout(1);
      assertThat(in.read(heard, 1, 7)).isEqualTo(1);
      assertThat(heard).startsWith(7, 8);
    }
  }

  @Test
  void sockets_are_made_in_every_way_that_a_factory_has() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    EagerSockets sockets = new EagerSockets();
    try (ServerSocket server = new ServerSocket(0, 5, here)) {
      int port = server.getLocalPort();
      String name = here.getHostAddress();
      try (Socket byName = sockets.createSocket(name, port);
          Socket byNameFrom = sockets.createSocket(name, port, here, 0);
          Socket from = sockets.createSocket(here, port, here, 0)) {
        assertThat(byName.isConnected()).isTrue();
        assertThat(byNameFrom.isConnected()).isTrue();
        assertThat(from.getLocalAddress()).isEqualTo(here);
      }
    }
  }
}
