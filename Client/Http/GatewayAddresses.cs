namespace Orleans.Pipeline.Client.Http;

/// <summary>The gateways of one cluster, all of them equivalent, and the one in use.</summary>
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

    /// <summary>Selects the next gateway, unless another request has already done so.</summary>
    /// <param name="address">The gateway that did not answer.</param>
    public void TurnFrom(Uri address)
    {
        var asked = Array.IndexOf(_addresses, address);
        Interlocked.CompareExchange(ref _current, (asked + 1) % _addresses.Length, asked);
    }

    /// <exception cref="ArgumentException">The text is not the address of a gateway.</exception>
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
                $"The address of gateway '{address.Host}' has a user name, a query or a fragment. Give the address alone, and set the "
                    + "credentials in the client's settings.",
                nameof(address));
        }

        return new(address.AbsoluteUri.TrimEnd('/') + "/");
    }

    /// <summary>Omits the text before an at sign, because it may be a password.</summary>
    private static ArgumentException Invalid(string address) => new(
        $"'{address[(address.LastIndexOf('@') + 1)..]}' is not the address of a gateway. Give one such as http://localhost:5080.",
        nameof(address));
}
