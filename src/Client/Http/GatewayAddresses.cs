namespace Orleans.Pipeline.Client;

/// <summary>The gateways of one cluster, any of which will do, and the one that is asked now.</summary>
internal sealed class GatewayAddresses
{
    private readonly Uri[] _addresses;
    private int _current;

    public GatewayAddresses(IReadOnlyList<Uri> addresses)
    {
        if (addresses.Count == 0)
        {
            throw new ArgumentException("A client needs the address of a gateway. Give one such as http://localhost:5080.", nameof(addresses));
        }

        _addresses = [.. addresses.Select(Checked).Distinct()];
    }

    public int Count => _addresses.Length;

    public Uri Current => _addresses[Volatile.Read(ref _current)];

    /// <summary>Goes on with the next, unless another request has done so since this one was asked.</summary>
    /// <param name="address">The one that did not answer.</param>
    public void TurnFrom(Uri address)
    {
        var asked = Array.IndexOf(_addresses, address);
        Interlocked.CompareExchange(ref _current, (asked + 1) % _addresses.Length, asked);
    }

    private static Uri Checked(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? new(address.AbsoluteUri.TrimEnd('/') + "/")
            : throw new ArgumentException($"'{address}' is not the address of a gateway. Give one such as http://localhost:5080.", nameof(address));
    }
}
