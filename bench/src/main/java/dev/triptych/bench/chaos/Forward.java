package dev.triptych.bench.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes connections on: {@code LISTEN_HOST PORT TO_HOST TO_PORT}. Its life is the process's, or the socket's. */
final class Forward {

    private static final int BACKLOG = 100;

    private Forward() {}

    /** In a process of its own, inside a network namespace. */
    public static void main(String[] arguments) throws IOException {
        ServerSocket listening = listen(arguments[0], Integer.parseInt(arguments[1]));
        System.out.println("forwards");
        accept(listening, arguments[2], Integer.parseInt(arguments[3]));
    }

    static ServerSocket listen(String host, int port) throws IOException {
        return new ServerSocket(port, BACKLOG, InetAddress.getByName(host));
    }

    /** Until the socket is closed. */
    static void accept(ServerSocket listening, String host, int port) {
        try {
            while (true) {
                Socket from = listening.accept();
                Thread.ofVirtual().start(() -> pass(from, host, port));
            }
        } catch (IOException closed) {
            // As wanted.
        }
    }

    private static void pass(Socket from, String host, int port) {
        try (from;
                var to = new Socket(host, port)) {
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(to, from));
            copy(from, to);
            back.join();
        } catch (IOException gone) {
            // Whoever was connected sees that.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException gone) {
            // The other direction ends with it.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
