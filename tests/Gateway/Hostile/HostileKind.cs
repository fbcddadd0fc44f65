namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>One kind of hostile request.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Share">How many there are of it among 10,000, about.</param>
/// <param name="SendAsync">Makes one, sends it and gives the answer.</param>
/// <param name="Expected">The answers that are right: <c>closed</c>, a status, or a status and a problem's code.</param>
internal sealed record HostileKind(string Name, int Share, Func<HostileHost, Random, Task<Answer>> SendAsync, params string[] Expected)
{
    /// <summary>A request that is bytes on a connection of its own.</summary>
    public static HostileKind Bytes(string name, int share, Func<HostileHost, Random, byte[]> make, params string[] expected) =>
        new(name, share, (host, random) => host.ExchangeAsync(make(host, random)), expected);

    /// <summary>Random bytes.</summary>
    public static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>One of some.</summary>
    public static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
