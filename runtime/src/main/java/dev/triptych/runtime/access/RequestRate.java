package dev.triptych.runtime.access;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.util.concurrent.RateLimiter;
import java.time.Duration;

/**
 * How many requests a second one client may make; what it did not use in the last second it may make up for. Clients that
 * are not heard of for a while are forgotten, and so are the least recent of very many.
 */
final class RequestRate {

    private static final int CLIENTS_MAX = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final LoadingCache<String, RateLimiter> clients;

    @SuppressWarnings("UnstableApiUsage") // RateLimiter has been a beta for fourteen years
    RequestRate(double perSecond) {
        this.clients = CacheBuilder.newBuilder()
                .maximumSize(CLIENTS_MAX)
                .expireAfterAccess(REMEMBERED)
                .build(CacheLoader.from(() -> RateLimiter.create(perSecond)));
    }

    boolean admits(String client) {
        return clients.getUnchecked(client).tryAcquire();
    }
}
