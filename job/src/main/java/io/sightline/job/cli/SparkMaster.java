package io.sightline.job.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Looks whether a standalone cluster's master is there: Spark itself tries for a minute, and then says that its context was stopped. */
final class SparkMaster {
    private static final String SCHEME = "spark://";
    private static final int TIMEOUT_MILLIS = 5000;

    private SparkMaster() {}

    /**
     * @param url any master URL; only {@code spark://HOST:PORT[,HOST:PORT…]} is looked at
     * @throws SparkMasterException if none of its hosts answers
     */
    static void requireReachable(String url) {
        if (!url.startsWith(SCHEME)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        for (String address : url.substring(SCHEME.length()).split(",")) {
            String problem = problem(address);
            if (problem.isEmpty()) {
                return;
            }
            problems.add(problem);
        }
        throw new SparkMasterException("cannot reach the Spark master " + url + " (" + String.join("; ", problems)
                + "); is it up, and is the URL the one that its page shows?");
    }

    /** Empty if something listens there. */
    private static String problem(String address) {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new UsageException(
                    "--master: '" + address + "' is no HOST:PORT; expected such as spark://localhost:7077");
        }
        String host = address.substring(0, colon);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port)), TIMEOUT_MILLIS);
            return "";
        } catch (UnknownHostException e) {
            return "unknown host '" + host + "'";
        } catch (IOException e) {
            return FileProblems.reason(e);
        }
    }
}
