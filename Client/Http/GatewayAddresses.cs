namespace Orleans.Pipeline.Client.Http;

/// <summary>The gateways of one cluster, any of which will do, and the one that is asked now.</summary>
internal sealed class GatewayAddresses
{
    private readonly Uri[] _addresses;
    private int _current;

    public GatewayAddresses(IReadOnlyList<Uri> addresses)
    {
        if (addresses.Count == 0)
        {
            throw new ArgumentException(
                "A client needs the address of a gateway. Give one such as http://localhost:5080.", nameof(addresses));
        }

        _addresses = [.. addresses.Select(Checked).Distinct()];
    }

    public int Count => _addresses.Length;

    public Uri Current => _addresses[Volatile.Read(ref _current)];

    /// <summary>Selects the next gateway, unless another request has done so since this one was sent.</summary>
    /// <param name="address">The one that did not answer.</param>
    public void TurnFrom(Uri address)
    {
        var asked = Array.IndexOf(_addresses, address);
        Interlocked.CompareExchange(ref _current, (asked + 1) % _addresses.Length, asked);
    }

    /// <summary>Reads an address as a program or a person gives it.</summary>
    /// <exception cref="ArgumentException">It is not the address of a gateway.</exception>
    public static Uri Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) ? Checked(uri) : throw Invalid(address);
    }

    private static Uri Checked(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.Host.Length == 0)
        {
            throw Invalid(address.OriginalString);
        }

        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ArgumentException(
                $"The address of gateway '{address.Host}' has a user name, a query or a fragment, which it cannot have. Give the address "
                    + $"alone, and credentials by the client's settings.", nameof(address));
        }

        return new(address.AbsoluteUri.TrimEnd('/') + "/");
    }

    /// <summary>The error does not repeat what stands before an at sign: it may be a password.</summary>
    private static ArgumentException Invalid(string address) => new(
        $"'{address[(address.LastIndexOf('@') + 1)..]}' is not the address of a gateway. Give one such as http://localhost:5080.",
        nameof(address));
}
